//! Receiving on a sending end. CPython: `OSError: connection is write-only` at run time.

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (mut receiver, mut sender) = pipe()?;
    sender.send("sent")?;
    sender.recv::<String>()?; // refused
    println!("{}", receiver.recv::<String>()?);
    Ok(())
}
