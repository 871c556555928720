//! Putting into the end of a queue that gets. CPython has both ends of a queue in one, and this does put.

use std::path::Path;

use pipe_ipc::{Queue, pipe};

fn main() -> Result<(), pipe_ipc::Error> {
    let (receiver, _sender) = pipe()?;
    let queue = Queue::new(receiver, Path::new("lock"))?;
    queue.put("item")?; // refused
    queue.get::<String>()?;
    Ok(())
}
