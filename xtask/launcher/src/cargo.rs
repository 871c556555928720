//! Starting cargo.

use std::process::{Command, Stdio};

/// Returns a command for the cargo that runs this program, with an empty standard input.
#[must_use]
pub fn cargo() -> Command {
    let mut cargo = process_groups::cargo::cargo();
    cargo.stdin(Stdio::null());
    cargo
}
