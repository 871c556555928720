//! Receiving in two threads from one end. CPython: no error. Each reads parts of the other's messages: `OSError: got
//! end of file during message`, `UnpicklingError`, or another message than was sent.

use std::thread;

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (mut receiver, sender) = pipe()?;
    drop(sender);
    thread::scope(|scope| {
        scope.spawn(|| receiver.recv_bytes());
        scope.spawn(|| receiver.recv_bytes()); // refused
    });
    Ok(())
}
