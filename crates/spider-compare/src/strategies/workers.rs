//! Several threads that do the same.

use std::panic;
use std::thread::{self, Builder};

use anyhow::Result;

/// Calls `work` on `count` threads, or on fewer if the system has no more; without any, on the calling thread. Returns the
/// first error in the order of the threads, when all have ended.
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
