//! Runs cargo from within a program that cargo runs.

use std::env;
use std::process::Command;

/// The cargo that runs this program, as it would be run from a shell.
#[must_use]
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
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
