//! Using an end after it was passed to a child. CPython: no error. The parent's copy stays open, so that the receiver never
//! gets the end of file.

use std::process::Command;

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (receiver, mut sender) = pipe()?;
    let mut child = Command::new("cat").stdin(receiver).spawn()?;
    sender.send("sent")?;
    receiver.poll(None)?; // refused
    drop(sender);
    child.wait()?;
    Ok(())
}
