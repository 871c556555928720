//! Where a lock keeps its value. The schedule decides which actor has the lock, and the value is then free.
//!
//! When a run is over, its actors unwind one after the other, and locks no longer exclude them. An actor that locks in a
//! destructor may come before the actor that holds the lock, and lets that one unwind first.

use ::std::sync::{
    Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError, TryLockResult,
};

use exploration::runtime;

pub(crate) fn lock<T: ?Sized>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    acquire(|| value.try_lock())
}

pub(crate) fn read<T: ?Sized>(value: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    acquire(|| value.try_read())
}

pub(crate) fn write<T: ?Sized>(value: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    acquire(|| value.try_write())
}

fn acquire<Guard>(acquire: impl Fn() -> TryLockResult<Guard>) -> Guard {
    loop {
        match acquire() {
            Ok(guard) => return guard,
            // The stand-ins keep track of poisoning themselves: a panic of another actor must not count here.
            Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => runtime::let_others_unwind(),
        }
    }
}
