//! Child processes, as the tests and `cargo xtask run-all` run them, and how programs end.
//!
//! - [`process_group`]: a child process that leads a process group.
//! - [`output`]: what it prints, up to a limit.
//! - [`processes`]: the processes of the system.
//! - [`cargo`]: runs cargo from a program that cargo runs.
//! - [`signals`]: what every program of the workspace does at a signal.
//! - [`temporary`]: temporary folders that a signal removes.

pub mod cargo;
pub mod output;
pub mod process_group;
pub mod processes;
pub mod signals;
pub mod temporary;
