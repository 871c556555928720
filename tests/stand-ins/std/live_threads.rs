//! Counts the threads of a run that have not ended. If none is left when main returns, the run can end normally, which is
//! much faster than stopping it.

use std::cell::Cell;

thread_local! {
    /// For the current run in this thread: the scheduler runs all threads of a program in one.
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

/// Starts a new run: threads that are left from the previous one do not count.
pub(crate) fn reset() {
    COUNT.set(0);
}

/// Returns whether every thread has ended.
pub(crate) fn none() -> bool {
    COUNT.get() == 0
}

/// Returns the work of a thread, which is counted from now on until it has ended.
pub(crate) fn counted<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let live_thread = LiveThread::new();
    move || {
        let _live_thread = live_thread;
        work()
    }
}

struct LiveThread(());

impl LiveThread {
    fn new() -> Self {
        COUNT.set(COUNT.get() + 1);
        Self(())
    }
}

impl Drop for LiveThread {
    fn drop(&mut self) {
        // The threads of a stopped run end during the next one.
        COUNT.set(COUNT.get().saturating_sub(1));
    }
}
