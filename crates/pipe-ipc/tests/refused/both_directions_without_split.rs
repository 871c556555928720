//! Sending in one thread and receiving in another without `split`. CPython: no error, as long as neither thread closes
//! the end while the other uses it.

use std::thread;

use pipe_ipc::duplex;

fn main() -> Result<(), pipe_ipc::Error> {
    let (mut left, right) = duplex()?;
    drop(right);
    thread::scope(|scope| {
        scope.spawn(|| left.recv_bytes());
        scope.spawn(|| left.send_bytes(b"one")); // refused
    });
    Ok(())
}
