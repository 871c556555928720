//! Sending from a negative offset. CPython: `ValueError: offset is negative` at run time.

use pipe_ipc::pipe;

fn main() -> Result<(), pipe_ipc::Error> {
    let (_receiver, mut sender) = pipe()?;
    sender.send_bytes_range(b"text", -1..)?; // refused
    sender.send_bytes_range(b"text", 1..)?;
    Ok(())
}
