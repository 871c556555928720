//! The active count that Rust does not have: a registry with a row for each thread that has been started and has not
//! ended.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use parking_lot::Mutex;

/// Which threads there are. A value, not a static: two of them (in two tests, say) do not count each other's threads.
#[derive(Clone, Default)]
pub(crate) struct Threads {
    registry: Arc<Mutex<Registry>>,
}

#[derive(Default)]
struct Registry {
    entered: u64,
    unnamed: u64,
    /// The numbers of the active threads. Unlike CPython's `ident`, none is ever used again.
    active: BTreeSet<u64>,
}

/// A thread that has been started, and may have ended since: what one can ask of it before and after its join.
pub(crate) struct Member {
    threads: Threads,
    number: u64,
    name: String,
}

impl Member {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has not ended yet (`Thread.is_alive`).
    pub(crate) fn is_alive(&self) -> bool {
        self.threads.registry.lock().active.contains(&self.number)
    }
}

impl Threads {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Main and the active threads (`threading.active_count`).
    pub(crate) fn active_count(&self) -> usize {
        1 + self.registry.lock().active.len()
    }

    /// Starts a thread. One without a name is called `Thread-1`, `Thread-2`, …, as in CPython.
    ///
    /// Fails when the system has no thread to give, or the name holds a NUL, which no system can take.
    pub(crate) fn start<T: Send + 'static>(
        &self,
        name: Option<&str>,
        target: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<(Member, JoinHandle<T>)> {
        if name.is_some_and(|name| name.contains('\0')) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a thread's name cannot hold a NUL"));
        }
        // Entered by the starter, before the start: from then on nobody can count one too few.
        let member = self.enter(name);
        let row = Row { threads: self.clone(), number: member.number };
        let handle = thread::Builder::new().name(member.name.clone()).spawn(move || {
            let _row = row;
            target()
        })?;
        Ok((member, handle))
    }

    fn enter(&self, name: Option<&str>) -> Member {
        let mut registry = self.registry.lock();
        let name = name.map_or_else(|| registry.default_name(), str::to_owned);
        registry.entered += 1;
        let number = registry.entered;
        registry.active.insert(number);
        Member { threads: self.clone(), number, name }
    }
}

impl Registry {
    fn default_name(&mut self) -> String {
        self.unnamed += 1;
        format!("Thread-{}", self.unnamed)
    }
}

/// Takes an active thread's row out when it is dropped: at the thread's end, when the thread panics, and when it could
/// not be started at all.
struct Row {
    threads: Threads,
    number: u64,
}

impl Drop for Row {
    fn drop(&mut self) {
        self.threads.registry.lock().active.remove(&self.number);
    }
}
