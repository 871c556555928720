//! Closing an end while one of its halves is in use. CPython: no error. The other thread may use a descriptor that has been
//! reused for another file.

use pipe_ipc::duplex;

fn main() -> Result<(), pipe_ipc::Error> {
    let (mut left, _right) = duplex()?;
    let (_receiving, mut sending) = left.split();
    left.close(); // refused
    sending.send("sent")?;
    Ok(())
}
