//! Main does not wait for the child. The child ends, but stays in the process table until main ends: a zombie.

use std::io;
use std::process::{Command, Stdio};

pub(crate) fn main() -> io::Result<()> {
    let mut child = Command::new("echo").arg("this is the child").stdout(Stdio::piped()).spawn()?;
    // Reads until the child closes its output, usually when it ends. That is not a wait.
    let output = io::read_to_string(child.stdout.take().unwrap())?;
    print!("main read: {output}");
    // right: child.wait()?;
    Ok(())
}
