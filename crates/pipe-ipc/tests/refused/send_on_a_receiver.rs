//! Sending on the end that receives. CPython: `OSError: connection is read-only`, when the call is made.

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (mut receiver, mut sender) = pipe()?;
    sender.send("sent")?;
    receiver.send("sent")?; // refused
    println!("{}", receiver.recv::<String>()?);
    Ok(())
}
