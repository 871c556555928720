//! Handing an end that keeps messages back to a child: they would stay with the parent, or come after the child's.
//! CPython keeps nothing back.

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
