//! Runs cargo from a program that cargo runs.

use std::env;
use std::process::Command;

/// The environment variable with the programs of the workspace's packages, if they are built already: a JSON object with
/// the paths by the ids of the packages. `cargo xtask test` sets it, so that no test builds them once more with other
/// features.
pub const PROGRAMS_VAR: &str = "BUILT_PROGRAMS";

/// Variables that let cargo print more than what is read here: CI services set them.
const CHATTY: [&str; 3] = ["CARGO_TERM_VERBOSE", "CARGO_TERM_PROGRESS_WHEN", "CARGO_TERM_PROGRESS_WIDTH"];

/// Returns the cargo that runs this program, as a shell would run it, but it never prints more than by default.
#[must_use]
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Cargo sets these for this program's own package. Some build scripts depend on the same variables, and would run
    // again whenever a build from here follows one from a shell.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let is_own = text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_");
        if is_own || CHATTY.contains(&&*text) {
            cargo.env_remove(name);
        }
    }
    cargo
}
