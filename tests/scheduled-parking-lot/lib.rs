//! Stands in the place of `parking_lot`: the part of it that the lessons use, with threads that the scheduler knows.
//!
//! `shuttle-parking_lot` has no condition variable, which the word processor waits on. Nor would its locks do: they let
//! the scheduler choose twice, before a lock is taken and before it is given up, and each choice multiplies the number
//! of schedules. The second adds no output: whoever could go on then can go on before the thread's next step, too.
//!
//! What neither a lesson uses nor a small change to one would is not there, and does not compile.

use std::fmt;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::{self, PoisonError, TryLockError};

use shuttle::sync::atomic::{AtomicBool, Ordering};
use shuttle::sync::mpsc::{self, Receiver, Sender};

/// Threads that wait until somebody wakes them: each has a channel of its own. (`thread::park` would not do: it may end
/// by itself, and under a scheduler that tries everything it does so for ever.)
#[derive(Debug, Default)]
struct Waiting(sync::Mutex<Vec<Sender<()>>>);

/// `parking_lot::Mutex`.
#[derive(Debug, Default)]
pub struct Mutex<T> {
    // Never waited for: only one thread runs at a time, and it waits elsewhere while this is locked.
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

/// Which of those who wait at a condition variable go on is for the scheduler to choose: it is the first to run of those
/// who waited when somebody was notified.
#[derive(Debug, Default)]
struct Notifications {
    /// Who has begun to wait, up to now.
    begun: usize,
    /// Who waits, and has no notification yet.
    waiting: Vec<usize>,
    /// The notifications that nobody has taken yet, the oldest first: each is for one of these.
    untaken: Vec<Vec<usize>>,
}

impl Notifications {
    /// One more who waits. The result is its number.
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

    /// Whether there is a notification for this one, who takes it.
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
    /// Enters this thread. From here on it can be woken, whether it waits already or not.
    fn enter(&self) -> Receiver<()> {
        let (wake, woken) = mpsc::channel();
        self.threads().push(wake);
        woken
    }

    fn wake_all(&self) {
        // Waking is a step, and whoever goes on there may come here: so the list is not held meanwhile.
        let all = mem::take(&mut *self.threads());
        all.iter().for_each(wake);
    }

    fn threads(&self) -> sync::MutexGuard<'_, Vec<Sender<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The scheduler may let another thread go on here.
fn yield_point() {
    AtomicBool::new(false).load(Ordering::SeqCst);
}

fn wake(thread: &Sender<()>) {
    // It fails for one that no longer waits: the exploration has ended.
    let _ = thread.send(());
}

fn wait(woken: &Receiver<()>) {
    let _ = woken.recv();
}

impl<T> Mutex<T> {
    /// An unlocked mutex around `value`.
    pub const fn new(value: T) -> Self {
        Self { value: sync::Mutex::new(value), waiting: Waiting(sync::Mutex::new(Vec::new())) }
    }

    /// The lock, if nobody has it at this step.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        yield_point();
        self.try_lock_without_yielding()
    }

    /// Waits for the lock. As in `parking_lot`, a panic while it was held does not poison it.
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

    /// The value, once nobody shares the mutex any more.
    pub fn into_inner(self) -> T {
        self.value.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.value = None;
        // All of them, and not one: which of them is next is for the scheduler to choose.
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
    /// A condition variable at which nobody waits.
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

    /// Waits as long as `condition` holds.
    pub fn wait_while<T>(&self, guard: &mut MutexGuard<'_, T>, mut condition: impl FnMut(&mut T) -> bool) {
        while condition(&mut **guard) {
            self.wait(guard);
        }
    }

    /// Wakes all who wait. Who begins to wait before this step is woken too, be it by a change that it has seen already.
    pub fn notify_all(&self) {
        yield_point();
        self.notifications().notify_all();
        self.waiting.wake_all();
    }

    /// Wakes one of those who wait, whichever it is.
    pub fn notify_one(&self) {
        yield_point();
        self.notifications().notify_one();
        self.waiting.wake_all();
    }

    fn notifications(&self) -> sync::MutexGuard<'_, Notifications> {
        self.notifications.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
