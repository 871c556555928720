//! Runs programs, and looks at how they end.
//!
//! - [`program`]: a program in a cleaned environment, with a time limit. Start here.
//! - [`process_group`]: a child process that leads a process group; `cargo xtask run-all` uses it too.
//! - [`assertions`]: assertions about a run, and about work that must end.
//! - [`interrupted`]: programs that a signal ends.
//! - `paused`: a program that is paused where it prints, so that a test can look at its processes (Linux).
//! - `deadlock`: detects that processes wait for each other.
//! - [`processes`]: the processes of the system.
//! - [`cli_contract`]: what the command line of every lesson does.
//! - [`cargo`]: runs cargo from a program that cargo runs.
//! - [`compiler`]: the errors that the compiler reports for a program.

pub mod assertions;
pub mod cli_contract;
pub mod compiler;
pub(crate) mod deadlock;
pub mod interrupted;
#[cfg(target_os = "linux")]
pub mod paused;
pub mod program;
#[cfg(test)]
mod tests;

pub use process_groups::{cargo, output, process_group, processes};
