//! Using a half after its end was dropped. CPython has no halves: an end that is in use stays open.

use pipe_ipc::duplex;

fn main() -> Result<(), pipe_ipc::Error> {
    let (mut left, right) = duplex()?;
    let (mut receiving, _sending) = left.split();
    {
        let mut right = right;
        right.send("sent")?;
        (receiving, _) = right.split(); // refused
    }
    receiving.poll(None)?;
    Ok(())
}
