//! Polling a buffered receiver: a message may already be in the buffer. CPython has no buffered ends.

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (receiver, mut sender) = pipe()?;
    sender.send("sent")?;
    let mut receiver = receiver.buffered();
    receiver.poll(None)?; // refused
    println!("{}", receiver.recv::<String>()?);
    Ok(())
}
