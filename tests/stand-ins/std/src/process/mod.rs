//! `std::process` under the scheduler: a child process is an actor that runs the program again, or one of a few programs of
//! the system.

mod child;
mod command;
mod exit;
mod program;
mod stdio;
mod system;

pub use ::std::process::{ExitStatus, Output};

pub use child::{Child, ChildStderr, ChildStdin, ChildStdout};
pub use command::Command;
pub use exit::{ExitCode, Termination, exit, id};
pub use program::program;
pub use stdio::{Stdio, take_stdin};
