//! Runs cargo from a program that cargo runs.

use std::env;
use std::process::Command;

/// The environment variable with the programs of the workspace's packages, if they are built already: a JSON object with
/// the paths by the ids of the packages. `cargo xtask test` sets it, so that no test builds them once more with other
/// features.
pub const PROGRAMS_VAR: &str = "BUILT_PROGRAMS";

/// Returns the cargo that runs this program, as a shell would run it.
#[must_use]
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Cargo sets these for this program's own package. Some build scripts depend on the same variables, and would run
    // again whenever a build from here follows one from a shell.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    cargo
}
