//! Several threads that do the same.

use std::panic;
use std::thread::{self, Builder};

use anyhow::Result;

/// Does `work` on so many threads, or on as many as the system gives; if it gives none, on this one. The first error ends
/// it.
pub(super) fn workers(count: usize, work: impl Fn() -> Result<()> + Sync) -> Result<()> {
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
