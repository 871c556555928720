//! Replaces `parking_lot`: the part of it that the lessons use, with the scheduler's threads.
//!
//! `shuttle-parking_lot` has no condition variable, which the word processor needs. Its locks let the scheduler choose
//! twice, before a lock is acquired and before it is released, and each choice multiplies the number of schedules. The
//! second adds no output: a thread that could continue then can also continue before this thread's next step.
//!
//! What neither a lesson nor a small change to one would use is missing, and does not compile.

use std::fmt;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::{self, PoisonError, TryLockError};

use shuttle::sync::atomic::{AtomicBool, Ordering};
use shuttle::sync::mpsc::{self, Receiver, Sender};

/// Threads that wait to be woken, each with a channel of its own. (`thread::park` may return spuriously, and under a
/// scheduler that tries everything it does so forever.)
#[derive(Debug, Default)]
struct Waiting(sync::Mutex<Vec<Sender<()>>>);

/// `parking_lot::Mutex`.
#[derive(Debug, Default)]
pub struct Mutex<T> {
    // Never contended: only one thread runs at a time, and it waits elsewhere while this is locked.
    value: sync::Mutex<T>,
    waiting: Waiting,
}

/// `parking_lot::MutexGuard`.
pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    value: Option<sync::MutexGuard<'a, T>>,
}

/// `parking_lot::Condvar`.
#[derive(Debug, Default)]
pub struct Condvar {
    waiting: Waiting,
    notifications: sync::Mutex<Notifications>,
}

/// Which threads a notification wakes. The scheduler chooses: the first to run of those that were waiting at the time.
#[derive(Debug, Default)]
struct Notifications {
    /// How many threads have begun to wait so far.
    begun: usize,
    /// The threads that wait, and have no notification yet.
    waiting: Vec<usize>,
    /// The notifications that no thread has taken yet, the oldest first: each is for one of these threads.
    untaken: Vec<Vec<usize>>,
}

impl Notifications {
    /// Adds a thread that waits, and returns its number.
    fn wait(&mut self) -> usize {
        self.begun += 1;
        self.waiting.push(self.begun);
        self.begun
    }

    fn notify_one(&mut self) {
        if self.untaken.len() < self.waiting.len() {
            self.untaken.push(self.waiting.clone());
        }
    }

    fn notify_all(&mut self) {
        while self.untaken.len() < self.waiting.len() {
            self.untaken.push(self.waiting.clone());
        }
    }

    /// Takes a notification for this thread, and returns whether there was one.
    fn take(&mut self, number: usize) -> bool {
        let Some(place) = self.untaken.iter().position(|for_one_of| for_one_of.contains(&number)) else {
            return false;
        };
        self.untaken.remove(place);
        self.waiting.retain(|&other| other != number);
        self.untaken.iter_mut().for_each(|for_one_of| for_one_of.retain(|&other| other != number));
        true
    }
}

impl Waiting {
    /// Adds this thread. From now on it can be woken, whether it waits already or not.
    fn enter(&self) -> Receiver<()> {
        let (wake, woken) = mpsc::channel();
        self.threads().push(wake);
        woken
    }

    fn wake_all(&self) {
        // Waking is a step, and another thread can come here in between: so the list is not locked meanwhile.
        let all = mem::take(&mut *self.threads());
        all.iter().for_each(wake);
    }

    fn threads(&self) -> sync::MutexGuard<'_, Vec<Sender<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A point where the scheduler can switch threads.
fn yield_point() {
    AtomicBool::new(false).load(Ordering::SeqCst);
}

fn wake(thread: &Sender<()>) {
    // It fails for a thread that no longer waits because the exploration has ended.
    let _ = thread.send(());
}

fn wait(woken: &Receiver<()>) {
    let _ = woken.recv();
}

impl<T> Mutex<T> {
    /// Returns an unlocked mutex.
    pub const fn new(value: T) -> Self {
        Self { value: sync::Mutex::new(value), waiting: Waiting(sync::Mutex::new(Vec::new())) }
    }

    /// Acquires the lock if no thread holds it.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        yield_point();
        self.try_lock_without_yielding()
    }

    /// Acquires the lock. As in `parking_lot`, a panic while it is held does not poison it.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        yield_point();
        self.lock_without_yielding()
    }

    fn lock_without_yielding(&self) -> MutexGuard<'_, T> {
        loop {
            if let Some(guard) = self.try_lock_without_yielding() {
                return guard;
            }
            wait(&self.waiting.enter());
        }
    }

    fn try_lock_without_yielding(&self) -> Option<MutexGuard<'_, T>> {
        let value = match self.value.try_lock() {
            Ok(value) => value,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        Some(MutexGuard { mutex: self, value: Some(value) })
    }

    /// Returns the value.
    pub fn into_inner(self) -> T {
        self.value.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.value = None;
        // All of them: the scheduler chooses which is next.
        self.mutex.waiting.wake_all();
    }
}

impl<T: fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("only its drop takes it")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("only its drop takes it")
    }
}

impl Condvar {
    /// Returns a condition variable.
    #[must_use]
    pub const fn new() -> Self {
        let notifications = Notifications { begun: 0, waiting: Vec::new(), untaken: Vec::new() };
        Self {
            waiting: Waiting(sync::Mutex::new(Vec::new())),
            notifications: sync::Mutex::new(notifications),
        }
    }

    /// Unlocks, waits to be notified, and locks again.
    pub fn wait<T>(&self, guard: &mut MutexGuard<'_, T>) {
        let number = self.notifications().wait();
        let mut woken = self.waiting.enter();
        guard.value = None;
        guard.mutex.waiting.wake_all();
        loop {
            wait(&woken);
            if self.notifications().take(number) {
                break;
            }
            woken = self.waiting.enter();
        }
        guard.value = guard.mutex.lock_without_yielding().value.take();
    }

    /// Waits while `condition` is true.
    pub fn wait_while<T>(&self, guard: &mut MutexGuard<'_, T>, mut condition: impl FnMut(&mut T) -> bool) {
        while condition(&mut **guard) {
            self.wait(guard);
        }
    }

    /// Wakes all threads that wait. A thread that begins to wait before this step is woken too, perhaps by a change that it
    /// has seen already.
    pub fn notify_all(&self) {
        yield_point();
        self.notifications().notify_all();
        self.waiting.wake_all();
    }

    /// Wakes one of the threads that wait: any of them.
    pub fn notify_one(&self) {
        yield_point();
        self.notifications().notify_one();
        self.waiting.wake_all();
    }

    fn notifications(&self) -> sync::MutexGuard<'_, Notifications> {
        self.notifications.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
