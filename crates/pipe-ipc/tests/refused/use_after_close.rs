//! Using an end after it was closed. CPython: `OSError: handle is closed` at run time.

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (mut receiver, mut sender) = pipe()?;
    sender.send("sent")?;
    sender.close();
    sender.send("sent")?; // refused
    println!("{}", receiver.recv::<String>()?);
    Ok(())
}
