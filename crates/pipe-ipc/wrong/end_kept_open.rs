//! Main keeps a writer's end open while it waits for the reader. The pipe has no end then: both wait for ever.

use std::io::{self, Write};
use std::process::Command;

fn main() -> io::Result<()> {
    let (reader, mut writer) = io::pipe()?;
    // The consumer prints what it reads, until the pipe ends.
    let mut consumer = Command::new("cat").stdin(reader).spawn()?;
    writeln!(writer, "producer1生产了0")?;
    // right: drop(writer);
    consumer.wait()?;
    println!("main: the consumer has ended");
    Ok(())
}
