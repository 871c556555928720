//! Waiting for a sending end, which never has anything to receive. CPython waits until every receiving end is closed.

use pipe_ipc::{pipe, wait};

fn main() -> Result<(), pipe_ipc::Error> {
    let (receiver, mut sender) = pipe()?;
    wait(&[&sender], None)?; // refused
    sender.send("sent")?;
    println!("{:?}", wait(&[&receiver], None)?);
    Ok(())
}
