//! Each side writes more than a pipe's buffer holds before the other side reads: both pipes fill up, a deadlock.

use std::io::{self, Write};
use std::process::{ChildStdin, Command, Stdio};

pub(crate) fn main() -> io::Result<()> {
    // The child writes back each block that it reads.
    let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (to_child, from_child) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    println!("main: sending");
    send(to_child)?; // right: std::thread::spawn(|| send(to_child));
    println!("main: {} bytes came back", io::read_to_string(from_child)?.len());
    child.wait()?;
    Ok(())
}

/// Writes one mebibyte, then closes the pipe.
fn send(mut end: ChildStdin) -> io::Result<()> {
    end.write_all(&[b'.'; 1 << 20])
}
