//! Turns the output of one run into its canonical form: the text that every equivalent run gives.
//!
//! - [`spec`]: which actor prints which line, which lines depend on each other, and what varies. Start here.
//! - [`scenarios`]: the specifications of a lesson's scenarios, read from its `tests/lesson/actors.toml`.
//! - `line`, `concurrency`: whether the order of two lines matters, and which lines happen before which.
//! - `canonical`: the lines in canonical order.
//! - `redaction`: what a specification removes from a line.
//! - `laws`: what is true of the canonical form of every trace, tried on made-up ones.

mod canonical;
pub(crate) mod concurrency;
#[cfg(test)]
mod laws;
mod line;
mod redaction;
pub mod scenarios;
pub mod spec;
