//! Stands in the place of `parking_lot`: the part of it that the lessons use, with threads that the scheduler knows.
//!
//! `shuttle-parking_lot` has no condition variable, which the word processor waits on. Nor would its locks do: they let
//! the scheduler choose twice, before a lock is taken and before it is given up, and each choice multiplies the number
//! of schedules. The second adds no output: whoever could go on then can go on before the thread's next step, too.
//!
//! What no lesson uses is not there, and does not compile. `Condvar::notify_one` would have to try each of those who wait.

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
#[derive(Debug)]
pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    value: Option<sync::MutexGuard<'a, T>>,
}

/// `parking_lot::Condvar`.
#[derive(Debug, Default)]
pub struct Condvar(Waiting);

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
fn step() {
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
    pub fn new(value: T) -> Self {
        Self { value: sync::Mutex::new(value), waiting: Waiting::default() }
    }

    /// Waits for the lock. As in `parking_lot`, a panic while it was held does not poison it.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        step();
        self.lock_without_a_step()
    }

    fn lock_without_a_step(&self) -> MutexGuard<'_, T> {
        loop {
            let value = match self.value.try_lock() {
                Ok(value) => value,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    wait(&self.waiting.enter());
                    continue;
                }
            };
            return MutexGuard { mutex: self, value: Some(value) };
        }
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
    /// Unlocks, waits to be notified, and locks again.
    pub fn wait<T>(&self, guard: &mut MutexGuard<'_, T>) {
        let woken = self.0.enter();
        guard.value = None;
        guard.mutex.waiting.wake_all();
        wait(&woken);
        guard.value = guard.mutex.lock_without_a_step().value.take();
    }

    /// Wakes all who wait. Who begins to wait before this step is woken too, be it by a change that it has seen already.
    pub fn notify_all(&self) {
        step();
        self.0.wake_all();
    }
}
