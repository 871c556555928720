use ::std::sync::{LockResult, PoisonError};
use ::std::time::Duration;

use exploration::runtime::step;
use exploration::{Operation, Outcome};

use super::mutex::MutexGuard;
use crate::name::Name;

/// Replaces `std::sync::Condvar`.
#[derive(Debug, Default)]
pub struct Condvar(Name);

/// Replaces `std::sync::WaitTimeoutResult`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    /// Returns whether the time was up before a notification came.
    #[must_use]
    pub fn timed_out(&self) -> bool {
        self.0
    }
}

type Waited<'a, T> = LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)>;

impl Condvar {
    /// Returns a condition variable.
    #[must_use]
    #[track_caller]
    pub const fn new() -> Self {
        Self(Name::new())
    }

    /// Releases the lock, waits for a notification, and acquires the lock again. There are no spurious wakeups.
    ///
    /// # Errors
    /// If the mutex is poisoned.
    #[track_caller]
    pub fn wait<'a, T: ?Sized>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        self.wait_step(guard, false).0
    }

    /// Waits while `condition` is true.
    ///
    /// # Errors
    /// If the mutex is poisoned.
    #[track_caller]
    pub fn wait_while<'a, T: ?Sized>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut *guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// Waits for a notification, or until the time is up: it may be up at every point of a schedule, except `Duration::MAX`,
    /// which never is.
    ///
    /// # Errors
    /// If the mutex is poisoned.
    #[track_caller]
    pub fn wait_timeout<'a, T: ?Sized>(&self, guard: MutexGuard<'a, T>, timeout: Duration) -> Waited<'a, T> {
        let (guard, result) = self.wait_step(guard, timeout != Duration::MAX);
        match guard {
            Ok(guard) => Ok((guard, result)),
            Err(poisoned) => Err(PoisonError::new((poisoned.into_inner(), result))),
        }
    }

    /// Waits while `condition` is true, or until the time is up.
    ///
    /// # Errors
    /// If the mutex is poisoned.
    #[track_caller]
    pub fn wait_timeout_while<'a, T: ?Sized>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timeout: Duration,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> Waited<'a, T> {
        let mut result = WaitTimeoutResult(false);
        while condition(&mut *guard) {
            if result.timed_out() {
                return Ok((guard, result));
            }
            (guard, result) = self.wait_timeout(guard, timeout)?;
        }
        Ok((guard, WaitTimeoutResult(false)))
    }

    #[track_caller]
    fn wait_step<'a, T: ?Sized>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timeout: bool,
    ) -> (LockResult<MutexGuard<'a, T>>, WaitTimeoutResult) {
        let (condvar, lock) = (self.0.object(), guard.object());
        step(Operation::Wait { condvar, lock });
        guard.give_up();
        let outcome = step(Operation::Wake { condvar, lock, timeout });
        (guard.regain(), WaitTimeoutResult(outcome == Outcome::Refused))
    }

    /// Wakes one of the threads that wait: any of them.
    #[track_caller]
    pub fn notify_one(&self) {
        step(Operation::NotifyOne(self.0.object()));
    }

    /// Wakes all threads that wait.
    #[track_caller]
    pub fn notify_all(&self) {
        step(Operation::NotifyAll(self.0.object()));
    }
}
