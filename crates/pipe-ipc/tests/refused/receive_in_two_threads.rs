//! Receiving from one end in two threads. CPython: no error. Each thread reads parts of the messages of the other: `OSError:
//! got end of file during message`, `UnpicklingError`, or a message that was never sent.

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
