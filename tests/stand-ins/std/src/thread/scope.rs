use ::std::collections::BTreeSet;
use ::std::fmt;
use ::std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use ::std::sync::{Mutex, MutexGuard, PoisonError};
use ::std::thread::Result;

use exploration::runtime::{self, step_at};
use exploration::{Actor, Operation};

use super::current::Thread;
use super::started::Started;

/// Replaces `std::thread::Scope`.
pub struct Scope<'scope, 'env: 'scope> {
    tasks: &'scope shuttle::thread::Scope<'scope, 'env>,
    threads: Mutex<Threads>,
}

#[derive(Debug, Default)]
struct Threads {
    started: Vec<Actor>,
    /// Those that panicked and were not joined by hand.
    panicked: BTreeSet<Actor>,
}

/// Replaces `std::thread::ScopedJoinHandle`.
pub struct ScopedJoinHandle<'scope, T> {
    started: Started<T>,
    threads: &'scope Mutex<Threads>,
}

fn locked(threads: &Mutex<Threads>) -> MutexGuard<'_, Threads> {
    threads.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `work`, then waits for the threads that it has started in the scope.
///
/// # Panics
/// Panics if `work` panics, or if a thread panicked and was not joined.
#[track_caller]
pub fn scope<'env, T>(work: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T) -> T {
    let (mut work, mut result) = (Some(work), None);
    run_in_scope(&mut |scope| result = work.take().map(|work| work(scope)), Location::caller());
    result.expect("the work was done")
}

/// Runs `work` once, and waits for the threads of its scope, at `place`. Not generic, so that it is compiled once and not
/// for each scope of each program.
fn run_in_scope<'env>(
    work: &mut dyn for<'scope> FnMut(&'scope Scope<'scope, 'env>),
    place: &'static Location<'static>,
) {
    let mut panicked = false;
    let result = shuttle::thread::scope(|tasks| {
        // Of the size of a few words for each scope. Only what is leaked lives as long as `'scope`.
        let scope = Box::leak(Box::new(Scope { tasks, threads: Mutex::default() }));
        // The scheduler's scope does not wait for its tasks if this closure panics.
        let result = catch_unwind(AssertUnwindSafe(|| work(scope)));
        let joined = catch_unwind(AssertUnwindSafe(|| join_all(&scope.threads, place)));
        panicked = matches!(joined, Ok(true));
        joined.and(result)
    });
    if let Err(panic) = result {
        resume_unwind(panic);
    }
    assert!(!panicked, "a scoped thread panicked");
}

/// Waits for all threads, also for those that others start meanwhile, and returns whether one of them panicked and was not
/// joined. They are joined at `place`.
fn join_all(threads: &Mutex<Threads>, place: &'static Location<'static>) -> bool {
    while !runtime::is_over() {
        let started = ::std::mem::take(&mut locked(threads).started);
        if started.is_empty() {
            break;
        }
        step_at(Operation::Join(started), place);
    }
    !locked(threads).panicked.is_empty()
}

impl<'scope> Scope<'scope, '_> {
    /// Starts a thread in the scope.
    #[track_caller]
    pub fn spawn<T: Send + 'scope>(
        &'scope self,
        work: impl FnOnce() -> T + Send + 'scope,
    ) -> ScopedJoinHandle<'scope, T> {
        self.spawn_named(None, work)
    }

    #[track_caller]
    pub(super) fn spawn_named<T: Send + 'scope>(
        &'scope self,
        name: Option<String>,
        work: impl FnOnce() -> T + Send + 'scope,
    ) -> ScopedJoinHandle<'scope, T> {
        let started = Started::new(name);
        let actor = started.actor;
        locked(&self.threads).started.push(actor);
        let panicked = move || {
            locked(&self.threads).panicked.insert(actor);
        };
        self.start(actor, Box::new(started.act(work, panicked)));
        ScopedJoinHandle { started, threads: &self.threads }
    }

    fn start(&'scope self, actor: Actor, work: Box<dyn FnOnce() + Send + 'scope>) {
        self.tasks.spawn(runtime::act(actor, work));
    }
}

impl<T> ScopedJoinHandle<'_, T> {
    /// Waits for the end of the thread.
    ///
    /// # Errors
    /// If the thread panicked.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        let actor = self.started.actor;
        let result = self.started.join();
        let mut threads = locked(self.threads);
        threads.started.retain(|started| *started != actor);
        threads.panicked.remove(&actor);
        result
    }

    /// Returns the thread.
    #[must_use]
    pub fn thread(&self) -> &Thread {
        &self.started.thread
    }

    /// Returns whether the thread has ended.
    #[track_caller]
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.started.is_finished()
    }
}

impl fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for ScopedJoinHandle<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopedJoinHandle").finish_non_exhaustive()
    }
}
