use ::std::fmt;
use ::std::ops::{Deref, DerefMut};
use ::std::panic::Location;
use ::std::sync::{self, LockResult, PoisonError, TryLockError, TryLockResult};

use exploration::runtime::{self, step, step_at};
use exploration::{Object, Operation, Outcome};

use super::poison::Poison;
use crate::name::Name;
use crate::storage;

/// Replaces `std::sync::Mutex`.
#[derive(Default)]
pub struct Mutex<T: ?Sized> {
    name: Name,
    poison: Poison,
    value: sync::Mutex<T>,
}

/// Replaces `std::sync::MutexGuard`.
#[must_use = "if unused the Mutex will immediately unlock"]
pub struct MutexGuard<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
    /// Absent while the guard's owner waits on a condition variable.
    value: Option<sync::MutexGuard<'a, T>>,
    panicked_before: bool,
    place: &'static Location<'static>,
}

impl<T> Mutex<T> {
    /// Returns an unlocked mutex.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self { name: Name::new(), poison: Poison::new(), value: sync::Mutex::new(value) }
    }

    /// Returns the value.
    ///
    /// # Errors
    /// If the mutex is poisoned.
    pub fn into_inner(self) -> LockResult<T> {
        self.poison.check(self.value.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Acquires the lock.
    ///
    /// # Errors
    /// If the mutex is poisoned.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        step(Operation::Lock(self.name.object()));
        self.poison.check(self.acquired())
    }

    /// Acquires the lock if it is free.
    ///
    /// # Errors
    /// If it is not, or if the mutex is poisoned.
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        match step(Operation::TryLock(self.name.object())) {
            Outcome::Refused => Err(TryLockError::WouldBlock),
            _ => Ok(self.poison.check(self.acquired())?),
        }
    }

    #[track_caller]
    fn acquired(&self) -> MutexGuard<'_, T> {
        MutexGuard {
            mutex: self,
            value: Some(storage::lock(&self.value)),
            panicked_before: runtime::is_panicking(),
            place: Location::caller(),
        }
    }

    /// Returns the value, which nothing else borrows.
    ///
    /// # Errors
    /// If the mutex is poisoned.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.poison.check(self.value.get_mut().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns whether a thread panicked while it held the lock.
    pub fn is_poisoned(&self) -> bool {
        self.poison.is_set()
    }

    /// Ends the poisoned state.
    pub fn clear_poison(&self) {
        self.poison.clear();
    }
}

impl<T> From<T> for Mutex<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// Tries to lock, as std does.
impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut mutex = f.debug_struct("Mutex");
        match self.try_lock() {
            Ok(guard) => mutex.field("data", &&*guard),
            Err(TryLockError::Poisoned(poisoned)) => mutex.field("data", &&**poisoned.get_ref()),
            Err(TryLockError::WouldBlock) => mutex.field("data", &format_args!("<locked>")),
        };
        mutex.field("poisoned", &self.is_poisoned()).finish_non_exhaustive()
    }
}

impl<T: ?Sized> MutexGuard<'_, T> {
    pub(super) fn object(&self) -> Object {
        self.mutex.name.object()
    }

    /// Gives up the value while the machine has released the lock.
    pub(super) fn give_up(&mut self) {
        self.mutex.poison.released(self.panicked_before);
        self.value = None;
    }

    /// Takes the value again: the machine has acquired the lock.
    pub(super) fn regain(mut self) -> LockResult<Self> {
        self.value = Some(storage::lock(&self.mutex.value));
        self.mutex.poison.check(self)
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if self.value.is_some() {
            self.give_up();
            step_at(Operation::Unlock(self.object()), self.place);
        }
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("only a wait gives it up")
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("only a wait gives it up")
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
