//! Moving a half to a thread that may outlive the end. CPython has no halves: an end that a thread uses stays open.

use std::thread;

use pipe_ipc::duplex;

fn main() -> Result<(), pipe_ipc::Error> {
    let (mut left, _right) = duplex()?;
    let (mut receiving, mut sending) = left.split();
    receiving.poll(Some(std::time::Duration::ZERO))?;
    thread::scope(|scope| scope.spawn(|| sending.send("sent")).join()).expect("no panic")?;
    thread::spawn(move || receiving.recv_bytes()); // refused
    Ok(())
}
