//! Conformance: the same calls on `CPython`'s `Connection` and on this crate's, and messages between the two.

mod behaviour;
mod bytes;
mod claims;
mod objects;
mod peer;
mod scenario;
mod subject;
