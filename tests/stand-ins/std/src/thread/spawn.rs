use ::std::fmt;
use ::std::io;
use ::std::thread::Result;

use exploration::runtime;

use super::current::Thread;
use super::scope::{Scope, ScopedJoinHandle};
use super::started::Started;

/// Replaces `std::thread::JoinHandle`.
pub struct JoinHandle<T>(Started<T>);

impl<T> JoinHandle<T> {
    /// Waits for the end of the thread.
    ///
    /// # Errors
    /// If the thread panicked.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        self.0.join()
    }

    /// Returns the thread.
    #[must_use]
    pub fn thread(&self) -> &Thread {
        &self.0.thread
    }

    /// Returns whether the thread has ended.
    #[track_caller]
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").finish_non_exhaustive()
    }
}

/// Starts a thread.
#[track_caller]
pub fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    spawn_named(None, work)
}

#[track_caller]
fn spawn_named<T: Send + 'static>(
    name: Option<String>,
    work: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    let started = Started::new(name);
    runtime::spawn(started.actor, started.act(work, || ()));
    JoinHandle(started)
}

/// Replaces `std::thread::Builder`.
#[derive(Debug, Default)]
pub struct Builder {
    name: Option<String>,
}

impl Builder {
    /// Returns a builder for a thread without a name.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the name.
    #[must_use]
    pub fn name(self, name: String) -> Self {
        Self { name: Some(name) }
    }

    /// Changes nothing: the scheduler's stacks have one size.
    #[must_use]
    pub fn stack_size(self, _: usize) -> Self {
        self
    }

    /// Starts the thread.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn spawn<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<JoinHandle<T>> {
        Ok(spawn_named(self.name, work))
    }

    /// Starts the thread in a scope.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn spawn_scoped<'scope, T: Send + 'scope>(
        self,
        scope: &'scope Scope<'scope, '_>,
        work: impl FnOnce() -> T + Send + 'scope,
    ) -> io::Result<ScopedJoinHandle<'scope, T>> {
        Ok(scope.spawn_named(self.name, work))
    }
}
