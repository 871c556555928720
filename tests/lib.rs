//! The library that the tests of all lessons share.
//!
//! - [`run`]: runs programs in a cleaned environment, with a time limit, and reports processes left behind.
//! - [`trace`]: turns the output of one run into its canonical form, by who prints which line.
//! - [`guarantees`]: what every possible output of a scenario has in common.
//! - [`python`]: runs the Python counterpart of a lesson.
//! - [`mistakes`]: the programs in a lesson's `wrong/`, and how often their mistakes show.

#![allow(clippy::missing_panics_doc, reason = "an assertion fails by panicking")]

pub mod guarantees;
pub mod mistakes;
pub mod python;
pub mod run;
pub mod trace;

pub use run::program::{Program, Run};
pub use trace::spec::TraceSpec;
