//! The commands of `cargo xtask`, one module each, and what they share.
//!
//! - [`run_all`]: `cargo xtask run-all`.
//! - [`lessons`]: which lessons there are, and `cargo xtask list`.
//! - [`executables`]: builds the lessons' programs.
//! - [`side_by_side`]: runs programs side by side and hands them over in order.
//! - [`report`]: prints what came of it, as text or as JSON.
//! - [`live`]: the line that names what is still running.
//! - [`running`]: ends all of it at a signal.
//! - [`orders`]: `cargo xtask orders`.
//! - [`lanes`]: `cargo xtask lanes`; [`lanes_layout`], [`lanes_text`] and [`lanes_svg`] draw what it ran.
//! - [`review`]: `cargo xtask review`.
//! - [`guarantees`]: what a lesson promises, as its snapshots say it.

pub mod executables;
pub mod guarantees;
pub mod lanes;
pub mod lanes_layout;
pub mod lanes_svg;
pub mod lanes_text;
pub mod lessons;
pub mod live;
pub mod orders;
pub mod report;
pub mod review;
pub mod run_all;
pub mod running;
pub mod side_by_side;

use std::env;
use std::process::{Command, Stdio};

/// The cargo that runs this command, with an empty standard input.
fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.stdin(Stdio::null());
    // What cargo tells this program about its own package. Some build scripts ask for the same variables, and would
    // run anew each time that a build from here follows one from a shell.
    for (name, _) in env::vars_os() {
        let told = name.to_string_lossy();
        if told.starts_with("CARGO_PKG_") || told.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    cargo
}
