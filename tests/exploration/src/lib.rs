//! Runs a program under every schedule, up to the order of independent steps. (docs to come)
#![allow(missing_docs, dead_code)]
mod access;
mod clock;
mod counterexample;
pub mod explore;
mod explorer;
mod names;
mod objects;
mod operation;
pub mod run;
pub mod runtime;
pub mod words;
pub use clock::Clock;
pub use counterexample::{Counterexample, InvalidChoices, parse_choices};
pub use explore::Exploration;
pub use explorer::Reduction;
pub use names::Names;
pub use operation::{Actor, Guarded, Object, Operation, Outcome, Process};
