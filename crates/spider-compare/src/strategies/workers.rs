//! Several threads that run the same function.

use std::panic;
use std::thread::{self, Builder};

use anyhow::Result;

/// Calls `work` on `count` threads, on fewer if the system cannot start more, and on the calling thread if it can start
/// none. Waits for all threads, then returns the first error in their order.
pub(super) fn run_workers(count: usize, work: impl Fn() -> Result<()> + Sync) -> Result<()> {
    thread::scope(|scope| {
        let start = |_| Builder::new().spawn_scoped(scope, &work).ok();
        let workers: Vec<_> = (0..count).map_while(start).collect();
        if workers.is_empty() {
            return work();
        }
        for worker in workers {
            worker.join().unwrap_or_else(|payload| panic::resume_unwind(payload))?;
        }
        Ok(())
    })
}
