//! Passing a buffered receiver to a child: the child would miss the messages in the buffer. CPython has no buffered ends.

use std::process::Command;

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (receiver, mut sender) = pipe()?;
    sender.send("sent")?;
    let mut child = Command::new("cat");
    let mut receiver = receiver.buffered();
    child.stdin(receiver); // refused
    println!("{}", receiver.recv::<String>()?);
    child.spawn()?.wait()?;
    Ok(())
}
