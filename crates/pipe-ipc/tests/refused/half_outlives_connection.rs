//! Using a half for longer than its end lives. CPython has no halves; an end that a thread still needs stays open.

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
