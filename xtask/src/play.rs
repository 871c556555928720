//! `cargo xtask play`: hands over to the package `player`, which is built only for this: it brings a library for terminals.

use std::env;
use std::os::unix::process::CommandExt;

use anyhow::{Context, Result};

use course_tests::run::cargo::cargo;

/// Replaces this process by the player, with the same arguments.
///
/// # Errors
/// If cargo cannot be run.
pub fn run() -> Result<bool> {
    let mut player = cargo();
    player.args(["run", "--quiet", "--package", "player", "--"]).args(env::args_os().skip(2));
    Err(player.exec()).context("cannot run cargo")
}
