//! Assertions about a run, and about work that must end.

use std::panic;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::run::program::Run;

/// Asserts that the run printed exactly the lines of `listing`, in any order.
pub fn assert_prints_lines_of(listing: &str, run: &Run) {
    let sorted = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    assert_eq!(sorted(listing), sorted(&run.output), "the listing (left) and what was printed (right)");
}

/// Asserts that the run ended with exit status 0.
pub fn assert_success(run: &Run) {
    assert!(run.status.success(), "{}; it printed:\n{}", run.status, run.output);
}

/// Runs `work` in a thread, and asserts that it ends within a minute: after that it is in a deadlock.
///
/// # Panics
/// Panics if it does not end, or if `work` panics.
pub fn assert_finishes(work: impl FnOnce() + Send + 'static) {
    let (ended, wait) = mpsc::channel::<()>();
    let worker = thread::spawn(move || {
        // Dropped when the work ends, also by a panic.
        let _ended = ended;
        work();
    });
    let end = wait.recv_timeout(Duration::from_secs(60));
    assert_eq!(end, Err(RecvTimeoutError::Disconnected), "deadlock: it has not ended after a minute");
    if let Err(panic) = worker.join() {
        panic::resume_unwind(panic);
    }
}
