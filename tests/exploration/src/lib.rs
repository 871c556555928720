//! Runs a program under every schedule, up to the order of independent steps. (docs to come)
#![allow(missing_docs, dead_code)]
mod access;
mod clock;
mod explorer;
mod objects;
mod operation;
pub mod run;
pub mod runtime;
pub use clock::Clock;
pub use explorer::Reduction;
pub use operation::{Actor, Guarded, Object, Operation, Outcome, Process};
