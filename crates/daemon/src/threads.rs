//! The daemon flag that Rust does not have. Nothing waits for a Rust thread by itself: the process ends when main
//! returns, whatever its threads are at. So the other kind needs something that waits.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use parking_lot::Mutex;

/// Whether the end of the process waits for a thread.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `daemon = False`, Python's default.
    Waited,
    /// `daemon = True`: it runs on for as long as the process does, then stops where it stands.
    Daemon,
}

/// The threads of a program. Dropped at the end of main (when main fails or panics too), it waits for those that are
/// not daemons, as CPython does (`threading._shutdown`): a panic of theirs has been printed, and changes nothing more.
pub(crate) struct Threads {
    pub(crate) starter: Starter,
}

/// Starts threads; a thread takes a clone of it along to start others.
#[derive(Clone, Default)]
pub(crate) struct Starter {
    waited_for: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Threads {
    pub(crate) fn new() -> Self {
        Self { starter: Starter::default() }
    }

    pub(crate) fn start(&self, kind: Kind, target: impl FnOnce() + Send + 'static) {
        self.starter.start(kind, target);
    }
}

impl Starter {
    pub(crate) fn start(&self, kind: Kind, target: impl FnOnce() + Send + 'static) {
        let thread = thread::spawn(target);
        // A daemon's handle is dropped here, which lets it run on alone.
        if kind == Kind::Waited {
            self.waited_for.lock().push(thread);
        }
    }

    /// Not held while joining: the thread that is joined may start another.
    fn next_to_join(&self) -> Option<JoinHandle<()>> {
        self.waited_for.lock().pop()
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        while let Some(thread) = self.starter.next_to_join() {
            let _ = thread.join();
        }
    }
}
