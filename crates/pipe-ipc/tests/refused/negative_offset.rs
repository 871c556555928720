//! Sending from a negative offset on. CPython: `ValueError: offset is negative`, when the call is made.

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (_receiver, mut sender) = pipe()?;
    sender.send_bytes_range(b"text", -1..)?; // refused
    sender.send_bytes_range(b"text", 1..)?;
    Ok(())
}
