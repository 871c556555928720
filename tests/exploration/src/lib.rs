//! Runs a program under every schedule, up to the order of independent steps. (docs to come)
#![allow(missing_docs, dead_code, unused)]
mod operation;
pub mod runtime;
pub use operation::{Actor, Guarded, Object, Operation, Outcome, Process};
