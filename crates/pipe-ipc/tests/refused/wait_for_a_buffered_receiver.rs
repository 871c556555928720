//! Waiting for an end that reads ahead among others: what it waits for may be here already. CPython never reads ahead.

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
