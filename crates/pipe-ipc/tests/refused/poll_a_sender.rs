//! Polling a sending end. CPython: `OSError: connection is write-only` at run time.

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (receiver, sender) = pipe()?;
    sender.poll(None)?; // refused
    drop(sender);
    println!("{}", receiver.poll(None)?);
    Ok(())
}
