//! Sending in two threads on one end. CPython: no error. Messages that the pipe does not take at once are torn apart.

use std::thread;

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (_receiver, mut sender) = pipe()?;
    thread::scope(|scope| {
        scope.spawn(|| sender.send_bytes(b"one"));
        scope.spawn(|| sender.send_bytes(b"two")); // refused
    });
    Ok(())
}
