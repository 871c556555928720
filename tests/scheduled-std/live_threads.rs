//! How many threads of a run are live_threads: where none is left behind main, the run can come to its own end, which
//! takes a fraction of giving it up.

use std::cell::Cell;

thread_local! {
    /// Of the run that goes on in this thread: the scheduler runs all threads of a program in one.
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

/// A run begins: whatever was left behind by the one before is not of it.
pub(crate) fn forget() {
    COUNT.set(0);
}

/// Whether every thread has ended.
pub(crate) fn none() -> bool {
    COUNT.get() == 0
}

/// The work of a thread, counted from now on until it has been done.
pub(crate) fn counted<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let live_threads = LiveThread::new();
    move || {
        let _unfinished = live_threads;
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
        // Those of a run that was given up end in the midst of the next.
        COUNT.set(COUNT.get().saturating_sub(1));
    }
}
