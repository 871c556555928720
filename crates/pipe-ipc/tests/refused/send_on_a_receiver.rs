//! Sending on a receiving end. CPython: `OSError: connection is read-only` at run time.

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (mut receiver, mut sender) = pipe()?;
    sender.send("sent")?;
    receiver.send("sent")?; // refused
    println!("{}", receiver.recv::<String>()?);
    Ok(())
}
