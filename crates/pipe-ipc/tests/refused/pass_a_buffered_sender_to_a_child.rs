//! Passing a buffered sender to a child: the messages in the buffer would be sent late or never. CPython has no buffered
//! ends.

use std::process::Command;

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (_receiver, sender) = pipe()?;
    let mut child = Command::new("cat");
    let mut sender = sender.buffered();
    sender.send("sent")?;
    child.stdout(sender); // refused
    child.spawn()?.wait()?;
    Ok(())
}
