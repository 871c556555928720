//! Python's daemon flag, which Rust does not have. A Rust process ends when main returns, whatever its threads are
//! doing, so every thread is a daemon; what needs code is a thread that the process waits for.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use parking_lot::Mutex;

/// Whether the process waits for a thread before it ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `daemon = False`, Python's default.
    Foreground,
    /// `daemon = True`: the thread stops where it is when the process ends.
    Daemon,
}

/// The threads of a program. Dropped at the end of main, also when main fails or panics, it joins the foreground
/// threads, as CPython does (`threading._shutdown`). A panic of such a thread has been printed and is ignored here.
pub(crate) struct Threads {
    pub(crate) spawner: Spawner,
}

/// Starts threads. A thread that starts others gets a clone of this and not of `Threads`: the last owner of a shared
/// `Threads` could be one of its threads, which would wait for itself.
#[derive(Clone, Default)]
pub(crate) struct Spawner {
    foreground: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Threads {
    pub(crate) fn new() -> Self {
        Self { spawner: Spawner::default() }
    }

    pub(crate) fn start(&self, kind: Kind, target: impl FnOnce() + Send + 'static) {
        self.spawner.start(kind, target);
    }
}

impl Spawner {
    pub(crate) fn start(&self, kind: Kind, target: impl FnOnce() + Send + 'static) {
        let thread = thread::spawn(target);
        // Dropping a daemon's handle detaches the thread: it runs on.
        if kind == Kind::Foreground {
            self.foreground.lock().push(thread);
        }
    }

    /// Releases the lock before its caller joins: the thread that is joined may start another one.
    fn next_to_join(&self) -> Option<JoinHandle<()>> {
        self.foreground.lock().pop()
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        while let Some(thread) = self.spawner.next_to_join() {
            let _ = thread.join();
        }
    }
}
