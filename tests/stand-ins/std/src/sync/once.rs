use ::std::fmt;
use ::std::ops::Deref;
use ::std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use ::std::sync::{self, PoisonError};

use exploration::runtime::{self, step};
use exploration::{Guarded, Operation, Outcome};

use super::poison::Poison;
use crate::name::Name;

// What the number behind a value that is initialised once means.
const UNINITIALISED: u64 = 0;
const RUNNING: u64 = 1;
const INITIALISED: u64 = 2;

/// Replaces `std::sync::OnceLock`.
pub struct OnceLock<T> {
    name: Name,
    value: sync::OnceLock<T>,
}

impl<T> OnceLock<T> {
    /// Returns a cell without a value.
    #[must_use]
    #[track_caller]
    pub const fn new() -> Self {
        Self { name: Name::new(), value: sync::OnceLock::new() }
    }

    /// Returns the value if there is one.
    #[track_caller]
    pub fn get(&self) -> Option<&T> {
        self.step(|_| true, |number| number, "looks for the value");
        self.value.get()
    }

    /// Returns the value, which nothing else borrows, if there is one.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.value.get_mut()
    }

    /// Sets the value, unless there is one. Waits for a thread that initialises it.
    ///
    /// # Errors
    /// Returns `value` if there is one already.
    ///
    /// # Panics
    /// Panics if another thread panics while it initialises the value.
    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let mut value = Some(value);
        self.get_or_init(|| value.take().expect("this runs once"));
        value.map_or(Ok(()), Err)
    }

    /// Returns the value, which `init` makes if there is none. Waits for another thread that does.
    ///
    /// # Panics
    /// Panics if `init` does.
    #[track_caller]
    pub fn get_or_init(&self, init: impl FnOnce() -> T) -> &T {
        if runtime::is_over() {
            return self.value.get_or_init(init);
        }
        let begin = |number| if number == UNINITIALISED { RUNNING } else { number };
        let before = self.step(|number| number != RUNNING, begin, "waits for the value or initialises it");
        if before == Outcome::Value(UNINITIALISED) {
            self.initialise(init);
        }
        self.value.get().expect("it was initialised")
    }

    #[track_caller]
    fn initialise(&self, init: impl FnOnce() -> T) {
        // There is a value already if the cell was created with one.
        let value = self.value.get().is_none().then(|| catch_unwind(AssertUnwindSafe(init)));
        match value {
            None => drop(self.step(|_| true, |_| INITIALISED, "has the value")),
            Some(Ok(value)) => {
                self.step(|_| true, |_| INITIALISED, "has initialised the value");
                drop(self.value.set(value));
            }
            Some(Err(panic)) => {
                if !runtime::is_over() {
                    self.step(|_| true, |_| UNINITIALISED, "has panicked and leaves no value");
                }
                resume_unwind(panic);
            }
        }
    }

    /// Returns the value.
    pub fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }

    #[track_caller]
    fn step(&self, condition: fn(u64) -> bool, update: fn(u64) -> u64, what: &'static str) -> Outcome {
        step(Operation::Guarded(Guarded { number: self.name.object(), condition, update, what }))
    }
}

impl<T> Default for OnceLock<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<T> for OnceLock<T> {
    fn from(value: T) -> Self {
        Self { name: Name::new(), value: value.into() }
    }
}

impl<T: fmt::Debug> fmt::Debug for OnceLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// Replaces `std::sync::Once`.
#[derive(Debug, Default)]
pub struct Once {
    done: OnceLock<()>,
    poison: Poison,
}

impl Once {
    /// Returns a `Once` that has not run.
    #[must_use]
    #[track_caller]
    pub const fn new() -> Self {
        Self { done: OnceLock::new(), poison: Poison::new() }
    }

    /// Runs `init` unless it or another one has run. Waits for another thread that runs it.
    ///
    /// # Panics
    /// Panics if `init` panics, and after an earlier one has panicked.
    #[track_caller]
    pub fn call_once(&self, init: impl FnOnce()) {
        self.done.get_or_init(|| {
            assert!(!self.poison.is_set(), "Once instance has previously been poisoned");
            self.poison.set();
            init();
            self.poison.clear();
        });
    }

    /// Returns whether it has run.
    #[track_caller]
    pub fn is_completed(&self) -> bool {
        self.done.get().is_some()
    }
}

/// Replaces `std::sync::LazyLock`.
pub struct LazyLock<T, F = fn() -> T> {
    value: OnceLock<T>,
    init: sync::Mutex<Option<F>>,
}

impl<T, F: FnOnce() -> T> LazyLock<T, F> {
    /// Returns a value that `init` makes at its first use.
    #[track_caller]
    pub const fn new(init: F) -> Self {
        Self { value: OnceLock::new(), init: sync::Mutex::new(Some(init)) }
    }

    /// Returns the value.
    ///
    /// # Panics
    /// Panics if `init` panics, or has panicked before.
    #[track_caller]
    pub fn force(this: &Self) -> &T {
        this.value.get_or_init(|| {
            let init = this.init.lock().unwrap_or_else(PoisonError::into_inner).take();
            init.expect("LazyLock instance has previously been poisoned")()
        })
    }
}

impl<T, F: FnOnce() -> T> Deref for LazyLock<T, F> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        Self::force(self)
    }
}

impl<T: fmt::Debug, F> fmt::Debug for LazyLock<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
