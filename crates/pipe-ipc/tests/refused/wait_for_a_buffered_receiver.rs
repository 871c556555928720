//! Waiting for a buffered receiver: a message may already be in the buffer. CPython has no buffered ends.

use pipe_ipc::{pipe, wait};

fn main() -> Result<(), pipe_ipc::Error> {
    let (receiver, mut sender) = pipe()?;
    sender.send("sent")?;
    let mut receiver = receiver.buffered();
    wait(&[&receiver], None)?; // refused
    wait(&[], Some(std::time::Duration::ZERO))?;
    println!("{}", receiver.recv::<String>()?);
    Ok(())
}
