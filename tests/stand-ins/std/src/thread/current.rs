use ::std::collections::HashMap;
use ::std::fmt;
use ::std::sync::Arc;
use ::std::time::Duration;

use exploration::runtime::{self, step};
use exploration::{Actor, Guarded, Operation};

use crate::name::Name;
use crate::per_run::PerRun;

/// Replaces `std::thread::Thread`.
#[derive(Clone)]
pub struct Thread(Arc<Inner>);

struct Inner {
    name: Option<String>,
    actor: Actor,
    /// The number 1 if `unpark` was called and `park` has not used it.
    token: Name,
}

/// Replaces `std::thread::ThreadId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ThreadId(usize);

::std::thread_local! {
    static THREADS: PerRun<HashMap<Actor, Thread>> = PerRun::default();
}

impl Thread {
    /// Returns a new thread, which `current` finds from now on.
    pub(super) fn add(name: Option<String>, actor: Actor) -> Self {
        let thread = Self::new(name, actor);
        THREADS.with(|threads| threads.with(|threads| threads.insert(actor, thread.clone())));
        thread
    }

    fn new(name: Option<String>, actor: Actor) -> Self {
        Self(Arc::new(Inner { name, actor, token: Name::new() }))
    }

    /// Returns the name. The main thread of a process is called `main`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Returns the identifier.
    #[must_use]
    pub fn id(&self) -> ThreadId {
        ThreadId(self.0.actor.0 + 1)
    }

    /// Lets the thread's current or next `park` return.
    #[track_caller]
    pub fn unpark(&self) {
        self.step(|_| true, |_| 1, "unparks a thread");
    }

    #[track_caller]
    fn step(&self, condition: fn(u64) -> bool, update: fn(u64) -> u64, what: &'static str) {
        step(Operation::Guarded(Guarded { number: self.0.token.object(), condition, update, what }));
    }
}

impl fmt::Debug for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Thread").field("id", &self.id()).field("name", &self.name()).finish_non_exhaustive()
    }
}

/// Returns the current thread.
#[must_use]
pub fn current() -> Thread {
    let actor = runtime::current_actor();
    let thread = THREADS.with(|threads| threads.with(|threads| threads.get(&actor).cloned()));
    // A main thread is added when it asks for the first time.
    thread.unwrap_or_else(|| Thread::add(Some("main".to_owned()), actor))
}

/// Waits for `unpark`. It does not return without one.
#[track_caller]
pub fn park() {
    current().step(|token| token == 1, |_| 0, "waits to be unparked");
}

/// Waits for `unpark` or until the time is up: it may be up at every point of a schedule.
#[track_caller]
pub fn park_timeout(_: Duration) {
    current().step(|_| true, |_| 0, "waits to be unparked, or until the time is up");
}

/// Does nothing: before the next step of this thread, other threads can take any number of steps.
pub fn sleep(_: Duration) {}

/// Does nothing, as [`sleep`].
pub fn yield_now() {}

/// Returns whether the current thread is unwinding from a panic.
#[must_use]
pub fn panicking() -> bool {
    runtime::is_panicking()
}
