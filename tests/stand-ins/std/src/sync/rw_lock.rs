use ::std::fmt;
use ::std::ops::{Deref, DerefMut};
use ::std::panic::Location;
use ::std::sync::{self, LockResult, PoisonError, TryLockError, TryLockResult};

use exploration::runtime::{self, step, step_at};
use exploration::{Guarded, Operation, Outcome};

use super::poison::Poison;
use crate::name::Name;
use crate::storage;

/// The number of an `RwLock` is that of its readers, or this.
const WRITER: u64 = u64::MAX;

/// Replaces `std::sync::RwLock`.
#[derive(Default)]
pub struct RwLock<T: ?Sized> {
    name: Name,
    poison: Poison,
    value: sync::RwLock<T>,
}

/// Replaces `std::sync::RwLockReadGuard`.
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockReadGuard<'a, T: ?Sized> {
    value: Option<sync::RwLockReadGuard<'a, T>>,
    release: Release<'a>,
}

/// Replaces `std::sync::RwLockWriteGuard`.
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockWriteGuard<'a, T: ?Sized> {
    value: Option<sync::RwLockWriteGuard<'a, T>>,
    poison: &'a Poison,
    panicked_before: bool,
    release: Release<'a>,
}

/// What a guard needs to release its lock.
struct Release<'a> {
    name: &'a Name,
    place: &'static Location<'static>,
}

impl<T> RwLock<T> {
    /// Returns an unlocked lock.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self { name: Name::new(), poison: Poison::new(), value: sync::RwLock::new(value) }
    }

    /// Returns the value.
    ///
    /// # Errors
    /// If the lock is poisoned.
    pub fn into_inner(self) -> LockResult<T> {
        self.poison.check(self.value.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Acquires the lock to read.
    ///
    /// # Errors
    /// If the lock is poisoned.
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        self.step(|number| number != WRITER, |number| number + 1, "acquires the lock to read");
        self.poison.check(self.reads())
    }

    /// Acquires the lock to write.
    ///
    /// # Errors
    /// If the lock is poisoned.
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        self.step(|number| number == 0, |_| WRITER, "acquires the lock to write");
        self.poison.check(self.writes())
    }

    /// Acquires the lock to read, unless it is held to write.
    ///
    /// # Errors
    /// If it is held to write, or if it is poisoned.
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let update = |number| if number == WRITER { number } else { number + 1 };
        match self.step(|_| true, update, "tries to acquire the lock to read") {
            Outcome::Value(WRITER) => Err(TryLockError::WouldBlock),
            _ => Ok(self.poison.check(self.reads())?),
        }
    }

    /// Acquires the lock to write if it is free.
    ///
    /// # Errors
    /// If it is not, or if it is poisoned.
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let update = |number| if number == 0 { WRITER } else { number };
        match self.step(|_| true, update, "tries to acquire the lock to write") {
            Outcome::Value(1..) => Err(TryLockError::WouldBlock),
            _ => Ok(self.poison.check(self.writes())?),
        }
    }

    /// Returns the value, which nothing else borrows.
    ///
    /// # Errors
    /// If the lock is poisoned.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.poison.check(self.value.get_mut().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns whether a thread panicked while it held the lock to write.
    pub fn is_poisoned(&self) -> bool {
        self.poison.is_set()
    }

    /// Ends the poisoned state.
    pub fn clear_poison(&self) {
        self.poison.clear();
    }

    #[track_caller]
    fn step(&self, condition: fn(u64) -> bool, update: fn(u64) -> u64, what: &'static str) -> Outcome {
        step(Operation::Guarded(Guarded { number: self.name.object(), condition, update, what }))
    }

    #[track_caller]
    fn reads(&self) -> RwLockReadGuard<'_, T> {
        RwLockReadGuard { value: Some(storage::read(&self.value)), release: self.release() }
    }

    #[track_caller]
    fn writes(&self) -> RwLockWriteGuard<'_, T> {
        RwLockWriteGuard {
            value: Some(storage::write(&self.value)),
            poison: &self.poison,
            panicked_before: runtime::is_panicking(),
            release: self.release(),
        }
    }

    #[track_caller]
    fn release(&self) -> Release<'_> {
        Release { name: &self.name, place: Location::caller() }
    }
}

impl<T> From<T> for RwLock<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// Tries to lock, as std does.
impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lock = f.debug_struct("RwLock");
        match self.try_read() {
            Ok(guard) => lock.field("data", &&*guard),
            Err(TryLockError::Poisoned(poisoned)) => lock.field("data", &&**poisoned.get_ref()),
            Err(TryLockError::WouldBlock) => lock.field("data", &format_args!("<locked>")),
        };
        lock.field("poisoned", &self.is_poisoned()).finish_non_exhaustive()
    }
}

impl Release<'_> {
    fn step(&self, update: fn(u64) -> u64) {
        let what = "releases the lock";
        let number = self.name.object();
        step_at(Operation::Guarded(Guarded { number, condition: |_| true, update, what }), self.place);
    }
}

impl<T: ?Sized> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        self.value = None;
        self.release.step(|number| number - 1);
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        self.poison.released(self.panicked_before);
        self.value = None;
        self.release.step(|_| 0);
    }
}

macro_rules! guards {
    ($($guard:ident),*) => {$(
        impl<T: ?Sized> Deref for $guard<'_, T> {
            type Target = T;

            fn deref(&self) -> &T {
                self.value.as_ref().expect("only its drop takes it")
            }
        }

        impl<T: ?Sized + fmt::Display> fmt::Display for $guard<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }

        impl<T: ?Sized + fmt::Debug> fmt::Debug for $guard<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }
    )*};
}

guards!(RwLockReadGuard, RwLockWriteGuard);

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("only its drop takes it")
    }
}
