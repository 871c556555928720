//! Closing an end while one of its halves is still used. CPython: no error. The other thread uses a descriptor that may
//! be another file's by then.

use pipe_ipc::duplex;

fn main() -> Result<(), pipe_ipc::Error> {
    let (mut left, _right) = duplex()?;
    let (_receiving, mut sending) = left.split();
    left.close(); // refused
    sending.send("sent")?;
    Ok(())
}
