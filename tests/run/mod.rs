//! Runs programs, and looks at how they end.
//!
//! - [`program`]: a program in a cleaned environment, with a time limit.
//! - [`process_group`]: the process group beneath it, which `cargo xtask run-all` uses too.
//! - `paused`: a program that is paused where it prints, so that a test can look at its processes (Linux).
//! - [`cli_contract`]: what the command line of every lesson does.
//! - [`cargo`]: runs cargo from a program that cargo runs.
//! - [`compiler`]: the errors that the compiler reports for a program.

pub mod cargo;
pub mod cli_contract;
pub mod compiler;
pub(crate) mod deadlock;
#[cfg(target_os = "linux")]
pub mod paused;
pub mod process_group;
pub mod program;
#[cfg(test)]
mod tests;
