//! Nobody waits for the child. Once it has ended it stays in the table of processes, while main lives: a zombie.

use std::io;
use std::process::{Command, Stdio};

fn main() -> io::Result<()> {
    let mut child = Command::new("echo").arg("this is the child").stdout(Stdio::piped()).spawn()?;
    // This ends when the child has closed its output, as it does at its end: that is not a wait.
    let said = io::read_to_string(child.stdout.take().unwrap())?;
    print!("main was told: {said}");
    // right: child.wait()?;
    Ok(())
}
