//! Turns the output of one run into its canonical form: the text that every run with the same order of events gives.
//!
//! - [`spec`]: who prints which line, which lines depend on each other, and what varies.
//! - [`scenarios`]: the specifications of all scenarios of a lesson.

pub(crate) mod concurrency;
#[cfg(test)]
mod laws;
mod redaction;
pub mod scenarios;
pub mod spec;
