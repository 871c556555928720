//! Python's active count, which Rust does not have: a registry of the threads that were started and have not ended.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use parking_lot::Mutex;

/// A handle to a registry of threads. It is a value, not a static: two registries, in two tests for example, do not
/// count each other's threads.
#[derive(Clone, Default)]
pub(crate) struct ThreadRegistry {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    started: u64,
    unnamed: u64,
    /// The numbers of the active threads. Unlike CPython's `ident`, a number is never reused.
    active: BTreeSet<u64>,
}

/// What you can ask about a thread, before and after its end.
pub(crate) struct ThreadInfo {
    registry: ThreadRegistry,
    number: u64,
    name: String,
}

impl ThreadInfo {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether the thread has not ended yet (`Thread.is_alive`).
    pub(crate) fn is_alive(&self) -> bool {
        self.registry.state.lock().active.contains(&self.number)
    }
}

impl ThreadRegistry {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Counts the active threads and main (`threading.active_count`).
    pub(crate) fn active_count(&self) -> usize {
        1 + self.state.lock().active.len()
    }

    /// Starts a thread. Without a name it is called `Thread-1`, `Thread-2` and so on, as in CPython before 3.10.
    ///
    /// # Errors
    /// If the system cannot create a thread, or the name contains a NUL byte, which no system accepts.
    pub(crate) fn start<T: Send + 'static>(
        &self,
        name: Option<&str>,
        target: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<(ThreadInfo, JoinHandle<T>)> {
        if name.is_some_and(|name| name.contains('\0')) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a thread's name must not contain a NUL byte",
            ));
        }
        // Registered here and not by the new thread: the count is right as soon as `start` returns.
        let thread = self.register(name);
        let active = ActiveGuard { registry: self.clone(), number: thread.number };
        let handle = thread::Builder::new().name(thread.name.clone()).spawn(move || {
            let _active = active;
            target()
        })?;
        Ok((thread, handle))
    }

    fn register(&self, name: Option<&str>) -> ThreadInfo {
        let mut state = self.state.lock();
        let name = name.map_or_else(|| state.default_name(), str::to_owned);
        state.started += 1;
        let number = state.started;
        state.active.insert(number);
        ThreadInfo { registry: self.clone(), number, name }
    }
}

impl State {
    fn default_name(&mut self) -> String {
        self.unnamed += 1;
        format!("Thread-{}", self.unnamed)
    }
}

/// Removes an active thread from the registry when it is dropped: when the thread ends or panics, or when it could not
/// be started.
struct ActiveGuard {
    registry: ThreadRegistry,
    number: u64,
}

impl Drop for ActiveGuard {
    fn drop(&mut self) {
        self.registry.state.lock().active.remove(&self.number);
    }
}
