//! Whether a thread panicked while it held a lock.

use ::std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use ::std::sync::{LockResult, PoisonError};

use exploration::runtime;

#[derive(Debug, Default)]
pub(crate) struct Poison(AtomicBool);

impl Poison {
    pub(crate) const fn new() -> Self {
        Self(AtomicBool::new(false))
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Relaxed)
    }

    pub(crate) fn set(&self) {
        self.0.store(true, Relaxed);
    }

    pub(crate) fn clear(&self) {
        self.0.store(false, Relaxed);
    }

    /// Poisons the lock if the actor that releases it began to panic while it held it.
    pub(crate) fn released(&self, panicked_before: bool) {
        if !panicked_before && runtime::is_panicking() && !runtime::is_over() {
            self.set();
        }
    }

    /// Returns what locking returns: an error if the lock is poisoned.
    pub(crate) fn check<Guard>(&self, guard: Guard) -> LockResult<Guard> {
        if self.is_set() { Err(PoisonError::new(guard)) } else { Ok(guard) }
    }
}
