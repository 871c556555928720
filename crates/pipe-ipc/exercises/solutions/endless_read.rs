//! # Read a pipe to its end
//!
//! Two child processes write a line each into the same pipe. Main reads the pipe to its end and prints what it
//! has read. The program should print both lines, in either order, and end.
//!
//! Hint: A reader finds the end of a pipe only when every copy of the writing end is closed. Count the copies:
//! which process has one, and until when?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/std/io/fn.pipe.html

use std::io::{self, PipeWriter};
use std::process::{Child, Command};

pub(crate) fn main() -> io::Result<()> {
    let (reader, writer) = io::pipe()?;
    let mut tea = start("tea", writer.try_clone()?)?;
    let mut toast = start("toast", writer)?;
    print!("{}", io::read_to_string(reader)?);
    tea.wait()?;
    toast.wait()?;
    Ok(())
}

/// Starts a process that writes a line into the pipe.
fn start(line: &str, writer: PipeWriter) -> io::Result<Child> {
    Command::new("echo").arg(line).stdout(writer).spawn()
}
