//! Runs programs, and looks at how they end.
//!
//! - [`program`]: a program in a cleaned environment, with a time limit. Start here.
//! - [`process_group`]: a child process that leads a process group; `cargo xtask run-all` uses it too.
//! - `paused`: a program that is paused where it prints, so that a test can look at its processes (Linux).
//! - `deadlock`: detects that processes wait for each other.
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
