//! Replaces `parking_lot`: the part of it that the lessons use, over the same steps as the stand-in for `std`. A panic
//! does not poison these locks.
//!
//! What neither a lesson nor a small change to one would use is missing, and does not compile.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use scheduled_std::sync::{self, PoisonError, TryLockError, TryLockResult};

pub use scheduled_std::sync::WaitTimeoutResult;

/// `parking_lot::Mutex`.
#[derive(Default)]
pub struct Mutex<T: ?Sized>(sync::Mutex<T>);

/// `parking_lot::MutexGuard`.
#[must_use = "if unused the Mutex will immediately unlock"]
pub struct MutexGuard<'a, T: ?Sized>(Option<sync::MutexGuard<'a, T>>);

/// `parking_lot::Condvar`.
#[derive(Debug, Default)]
pub struct Condvar(sync::Condvar);

/// `parking_lot::RwLock`.
#[derive(Default)]
pub struct RwLock<T: ?Sized>(sync::RwLock<T>);

/// `parking_lot::RwLockReadGuard`.
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockReadGuard<'a, T: ?Sized>(sync::RwLockReadGuard<'a, T>);

/// `parking_lot::RwLockWriteGuard`.
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockWriteGuard<'a, T: ?Sized>(sync::RwLockWriteGuard<'a, T>);

/// Returns what a lock that cannot be poisoned returns.
fn unpoisoned<Guard>(result: TryLockResult<Guard>) -> Option<Guard> {
    match result {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

impl<T> Mutex<T> {
    /// Returns an unlocked mutex.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self(sync::Mutex::new(value))
    }

    /// Returns the value.
    pub fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Acquires the lock.
    #[track_caller]
    pub fn lock(&self) -> MutexGuard<'_, T> {
        MutexGuard(Some(self.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Acquires the lock if no thread holds it.
    #[track_caller]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        unpoisoned(self.0.try_lock()).map(|guard| MutexGuard(Some(guard)))
    }

    /// Returns the value, which nothing else borrows.
    pub fn get_mut(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("only a wait takes it")
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("only a wait takes it")
    }
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    fn take(&mut self) -> sync::MutexGuard<'a, T> {
        self.0.take().expect("only a wait takes it")
    }
}

impl Condvar {
    /// Returns a condition variable.
    #[must_use]
    #[track_caller]
    pub const fn new() -> Self {
        Self(sync::Condvar::new())
    }

    /// Unlocks, waits to be notified, and locks again.
    #[track_caller]
    pub fn wait<T: ?Sized>(&self, guard: &mut MutexGuard<'_, T>) {
        guard.0 = Some(self.0.wait(guard.take()).unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits while `condition` is true.
    #[track_caller]
    pub fn wait_while<T: ?Sized>(
        &self,
        guard: &mut MutexGuard<'_, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) {
        while condition(&mut **guard) {
            self.wait(guard);
        }
    }

    /// Unlocks, waits to be notified or until the time is up, and locks again. The time may be up at every point of a
    /// schedule.
    #[track_caller]
    pub fn wait_for<T: ?Sized>(&self, guard: &mut MutexGuard<'_, T>, timeout: Duration) -> WaitTimeoutResult {
        let waited = self.0.wait_timeout(guard.take(), timeout);
        let (inner, result) = waited.unwrap_or_else(PoisonError::into_inner);
        guard.0 = Some(inner);
        result
    }

    /// Waits while `condition` is true, or until the time is up, as [`Self::wait_for`].
    #[track_caller]
    pub fn wait_while_for<T: ?Sized>(
        &self,
        guard: &mut MutexGuard<'_, T>,
        mut condition: impl FnMut(&mut T) -> bool,
        timeout: Duration,
    ) -> WaitTimeoutResult {
        let mut result = WaitTimeoutResult::default();
        while !result.timed_out() && condition(&mut **guard) {
            result = self.wait_for(guard, timeout);
        }
        result
    }

    /// Wakes all threads that wait. A thread that begins to wait before this step is woken too, perhaps by a change that it
    /// has seen already.
    #[track_caller]
    pub fn notify_all(&self) {
        self.0.notify_all();
    }

    /// Wakes one of the threads that wait: any of them.
    #[track_caller]
    pub fn notify_one(&self) {
        self.0.notify_one();
    }
}

impl<T> RwLock<T> {
    /// Returns an unlocked lock.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self(sync::RwLock::new(value))
    }

    /// Returns the value.
    pub fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Acquires the lock to read.
    #[track_caller]
    pub fn read(&self) -> RwLockReadGuard<'_, T> {
        RwLockReadGuard(self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Acquires the lock to write.
    #[track_caller]
    pub fn write(&self) -> RwLockWriteGuard<'_, T> {
        RwLockWriteGuard(self.0.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Acquires the lock to read, unless it is held to write.
    #[track_caller]
    pub fn try_read(&self) -> Option<RwLockReadGuard<'_, T>> {
        unpoisoned(self.0.try_read()).map(RwLockReadGuard)
    }

    /// Acquires the lock to write if no thread holds it.
    #[track_caller]
    pub fn try_write(&self) -> Option<RwLockWriteGuard<'_, T>> {
        unpoisoned(self.0.try_write()).map(RwLockWriteGuard)
    }

    /// Returns the value, which nothing else borrows.
    pub fn get_mut(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

macro_rules! read_write_guards {
    ($($guard:ident),*) => {$(
        impl<T: ?Sized> Deref for $guard<'_, T> {
            type Target = T;

            fn deref(&self) -> &T {
                &self.0
            }
        }
    )*};
}

read_write_guards!(RwLockReadGuard, RwLockWriteGuard);

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

macro_rules! locks {
    ($($lock:ident: $($guard:ident),*;)*) => {$(
        impl<T> From<T> for $lock<T> {
            fn from(value: T) -> Self {
                Self::new(value)
            }
        }

        impl<T: ?Sized + fmt::Debug> fmt::Debug for $lock<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        $(
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
        )*
    )*};
}

locks! {
    Mutex: MutexGuard;
    RwLock: RwLockReadGuard, RwLockWriteGuard;
}
