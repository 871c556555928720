//! The commands of `cargo xtask`, and what they share.
//!
//! To see which commands there are and what they take, read [`flags`]. Each has a module of its name:
//! [`run_all`], [`mod@test`], [`list`], [`lanes`], [`waterfall`], [`orders`], [`play`],
//! [`try_lesson`], [`exercise`], [`measure`], [`review`], [`readme`], [`book`], [`new`].
//!
//! They share:
//!
//! - [`lessons`]: the lessons of the workspace, from `cargo metadata`.
//! - [`cargo`]: starting cargo.
//! - [`executables`]: building the lessons' programs, or the tests.
//! - [`scene`]: compiling programs that can be played and explored on their own.
//! - [`saves`]: waiting until a file is saved.
//! - [`diff`]: the changes between two versions of a text.
//! - [`supervisor`]: running processes, and killing them at a signal.
//! - [`process_tree`]: killing a process with all its descendants.
//! - [`concurrent`]: running several programs at the same time, with their output in order.
//! - [`status_line`]: the line on a terminal that names what is running.
//! - [`record`]: the measured figures that the pages show.
//! - [`markdown`]: links and headings of a page.
//! - [`svg`]: the canvas of all pictures.
//! - [`guarantees`]: comparing the guarantees of two versions.
//! - [`outputs`]: comparing what real runs of two versions print.
//! - [`files`]: listing, reading and replacing files.
//! - [`terminal`]: printing to standard output, with colours.
//! - [`exit`]: the exit status of a command.

pub mod book;
pub mod diff;
pub mod exercise;
pub mod files;
pub mod flags;
pub mod guarantees;
pub mod lanes;
pub mod list;
pub mod markdown;
pub mod measure;
pub mod new;
pub mod orders;
pub mod outputs;
pub mod play;
pub mod readme;
pub mod record;
pub mod review;
pub mod saves;
pub mod scene;
pub mod svg;
pub mod test;
pub mod try_lesson;
pub mod waterfall;

pub use launcher::{
    cargo, concurrent, executables, exit, lessons, process_tree, run_all, status_line, supervisor, terminal,
};
