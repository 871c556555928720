//! Putting into the receiving end of a queue. CPython's queue contains both ends, so that this is allowed.

use std::path::Path;

use pipe_ipc::{Queue, pipe};

fn main() -> Result<(), pipe_ipc::Error> {
    let (receiver, _sender) = pipe()?;
    let queue = Queue::new(receiver, "lock")?;
    queue.put("item")?; // refused
    queue.get::<String>()?;
    Ok(())
}
