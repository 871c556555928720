//! Asking the descriptor of an end that reads ahead whether something can be received: it may be here already. CPython
//! never reads ahead.

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (receiver, mut sender) = pipe()?;
    sender.send("sent")?;
    let mut receiver = receiver.buffered();
    receiver.poll(None)?; // refused
    println!("{}", receiver.recv::<String>()?);
    Ok(())
}
