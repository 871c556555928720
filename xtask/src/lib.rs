//! The commands of `cargo xtask`, one module each, and what they share.
//!
//! - [`run_all`]: `cargo xtask run-all`.
//! - [`lessons`]: which lessons there are, and `cargo xtask list`.
//! - [`executables`]: builds the lessons' programs.
//! - [`concurrent`]: runs programs side by side and hands them over in order.
//! - [`report`]: prints what came of it, as text or as JSON.
//! - [`status_line`]: the line that names what is still running.
//! - [`supervisor`]: ends all of it at a signal.
//! - [`process_tree`]: those that it started, too.
//! - [`orders`]: `cargo xtask orders`.
//! - [`lanes`]: `cargo xtask lanes`.
//! - [`waterfall`]: `cargo xtask waterfall`; [`svg`] is what both draw pictures with.
//! - [`review`]: `cargo xtask review`.
//! - [`readme`]: `cargo xtask readme`.
//! - [`book`]: `cargo xtask book`.
//! - [`measure`]: `cargo xtask measure`.
//! - [`record`]: the record of measured figures that the pages show.
//! - [`try_lesson`]: `cargo xtask try`.
//! - [`new`]: `cargo xtask new`.
//! - [`files`]: what several commands do with files.
//! - [`guarantees`]: what is lost or gained of the promises that the snapshots tell.

pub mod book;
pub mod concurrent;
pub mod executables;
pub mod files;
pub mod guarantees;
pub mod lanes;
pub mod lessons;
pub mod measure;
pub mod new;
pub mod orders;
pub mod process_tree;
pub mod readme;
pub mod record;
pub mod review;
pub mod run_all;
pub mod status_line;
pub mod supervisor;
pub mod svg;
pub mod try_lesson;
pub mod waterfall;

use std::process::{Command, Stdio};

/// The cargo that runs this command, with an empty standard input.
fn cargo() -> Command {
    let mut cargo = course_tests::run::cargo::cargo();
    cargo.stdin(Stdio::null());
    cargo
}
