//! The same calls in `CPython` and here, in the same situations, and each of the two talking to the other.

mod behaviour;
mod bytes;
mod claims;
mod objects;
mod peer;
mod scenario;
mod subject;
