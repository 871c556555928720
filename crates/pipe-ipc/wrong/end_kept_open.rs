//! Main keeps a write end open while it waits for the reader, which never sees the end of file: a deadlock.

use std::io::{self, Write};
use std::process::Command;

pub(crate) fn main() -> io::Result<()> {
    let (reader, mut writer) = io::pipe()?;
    // The consumer prints what it reads until the end of file.
    let mut consumer = Command::new("cat").stdin(reader).spawn()?;
    writeln!(writer, "producer1生产了0")?;
    // right: drop(writer);
    consumer.wait()?;
    println!("main: the consumer has ended");
    Ok(())
}
