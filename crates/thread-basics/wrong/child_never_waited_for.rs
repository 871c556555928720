//! Nobody waits for the child. It has ended, and yet it stays in the table of processes: a zombie.

use std::io;
use std::process::{Command, Stdio};

fn main() -> io::Result<()> {
    let mut child = Command::new("echo").arg("this is the child").stdout(Stdio::piped()).spawn()?;
    // It ends when the child has closed its output: that is not a wait.
    let said = io::read_to_string(child.stdout.take().unwrap())?;
    print!("main was told: {said}");
    // right: child.wait()?;
    Ok(())
}
