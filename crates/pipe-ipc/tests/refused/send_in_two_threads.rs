//! Sending on one end in two threads. CPython: no error. Messages that the pipe does not accept at once are interleaved.

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
