//! `cargo xtask run-all`, and what it shares with the other commands, which are in the package `xtask`.
//!
//! This is what a new clone of the course builds first. So it is a package of its own, which needs little, and is built in
//! a few seconds.
//!
//! - [`flags`]: its command line.
//! - [`run_all`]: builds the lessons and runs them.
//! - [`lessons`]: the lessons of the workspace, from `cargo metadata`.
//! - [`cargo`]: starting cargo.
//! - [`executables`]: building the lessons' programs, or the tests.
//! - [`supervisor`]: running processes, and killing them at a signal.
//! - [`launch`]: starting a program so that nothing of it stays behind.
//! - [`process_tree`]: killing a process with all its descendants.
//! - [`concurrent`]: running several programs at the same time, with their output in order.
//! - [`status_line`]: the line on a terminal that names what is running.
//! - [`terminal`]: printing to standard output, with colours.
//! - [`exit`]: the exit status of a command.

pub mod cargo;
pub mod concurrent;
pub mod executables;
pub mod exit;
pub mod flags;
pub mod launch;
pub mod lessons;
pub mod process_tree;
pub mod run_all;
pub mod status_line;
pub mod supervisor;
pub mod terminal;
