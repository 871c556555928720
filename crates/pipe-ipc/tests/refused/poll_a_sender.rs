//! Asking the end that sends whether something can be received. CPython: `OSError: connection is write-only`, when the
//! call is made.

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (receiver, sender) = pipe()?;
    sender.poll(None)?; // refused
    drop(sender);
    println!("{}", receiver.poll(None)?);
    Ok(())
}
