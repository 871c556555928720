//! The commands of `cargo xtask`, one module each, and what they share.
//!
//! - [`run_all`]: `cargo xtask run-all`.
//! - [`lessons`]: which lessons there are, and `cargo xtask list`.
//! - [`executables`]: builds the lessons' programs.
//! - [`side_by_side`]: runs programs side by side and hands them over in order.
//! - [`report`]: prints what came of it, as text or as JSON.
//! - [`live`]: the line that names what is still running.
//! - [`running`]: ends all of it at a signal.
//! - [`descendants`]: those that it started, too.
//! - [`orders`]: `cargo xtask orders`.
//! - [`lanes`]: `cargo xtask lanes`; [`lanes_layout`], [`lanes_text`] and [`lanes_svg`] draw what it ran.
//! - [`review`]: `cargo xtask review`.
//! - [`readme`]: `cargo xtask readme`.
//! - [`book`]: `cargo xtask book`.
//! - [`measure`]: `cargo xtask measure`.
//! - [`measured`]: the record of measured figures that the pages show.
//! - [`try_out`]: `cargo xtask try`.
//! - [`new`]: `cargo xtask new`.
//! - [`files`]: what several commands do with files.
//! - [`guarantees`]: what is lost or gained of the promises that the snapshots tell.

pub mod book;
pub mod descendants;
pub mod executables;
pub mod files;
pub mod guarantees;
pub mod lanes;
pub mod lanes_layout;
pub mod lanes_svg;
pub mod lanes_text;
pub mod lessons;
pub mod live;
pub mod measure;
pub mod measured;
pub mod new;
pub mod orders;
pub mod readme;
pub mod report;
pub mod review;
pub mod run_all;
pub mod running;
pub mod side_by_side;
pub mod try_out;

use std::process::{Command, Stdio};

/// The cargo that runs this command, with an empty standard input.
fn cargo() -> Command {
    let mut cargo = course_tests::run::cargo::cargo();
    cargo.stdin(Stdio::null());
    cargo
}
