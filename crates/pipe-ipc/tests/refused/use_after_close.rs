//! Using an end that was closed. CPython: `OSError: handle is closed`, when the call is made.

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (mut receiver, mut sender) = pipe()?;
    sender.send("sent")?;
    sender.close();
    sender.send("sent")?; // refused
    println!("{}", receiver.recv::<String>()?);
    Ok(())
}
