//! The threads that the end of main waits for: after a return, an error and a panic.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use course_tests::run::assertions::assert_finishes;

#[path = "../src/threads.rs"]
mod threads;

use threads::{Kind, Threads};

/// Counts the threads that have ended.
#[derive(Clone, Default)]
struct Ended(Arc<AtomicUsize>);

/// How long a thread works. A main that does not wait for it has ended long before. A main that waits has no time
/// limit, so no test passes or fails by timing.
const WORK: Duration = Duration::from_millis(200);

impl Ended {
    /// Returns work that waits until `gate` opens, then counts its thread.
    fn after(&self, gate: mpsc::Receiver<()>) -> impl FnOnce() + Send + 'static {
        let ended = self.clone();
        move || {
            let _ = gate.recv();
            ended.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Returns work that takes a while, then counts its thread.
    fn after_work(&self) -> impl FnOnce() + Send + 'static {
        let ended = self.clone();
        move || {
            thread::sleep(WORK);
            ended.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[test]
fn main_waits_for_a_foreground_thread() {
    let ended = Ended::default();
    let threads = Threads::new();
    threads.start(Kind::Foreground, ended.after_work());
    drop(threads);
    assert_eq!(ended.count(), 1);
}

#[test]
fn main_does_not_wait_for_a_daemon() {
    let ended = Ended::default();
    let threads = Threads::new();
    let (open, gate) = mpsc::channel();
    threads.start(Kind::Daemon, ended.after(gate));
    // The daemon waits for its gate: joining it would never return.
    assert_finishes(|| drop(threads));
    assert_eq!(ended.count(), 0);
    drop(open);
}

#[test]
fn main_waits_when_it_returns_an_error() {
    fn main(ended: &Ended) -> Result<(), &'static str> {
        let threads = Threads::new();
        threads.start(Kind::Foreground, ended.after_work());
        Err("main fails")
    }
    let ended = Ended::default();
    assert_eq!(main(&ended), Err("main fails"));
    assert_eq!(ended.count(), 1);
}

#[test]
fn main_waits_when_it_panics() {
    let ended = Ended::default();
    let main = AssertUnwindSafe(|| {
        let threads = Threads::new();
        threads.start(Kind::Foreground, ended.after_work());
        panic!("main panics");
    });
    assert!(panic::catch_unwind(main).is_err());
    assert_eq!(ended.count(), 1);
}

#[test]
fn main_waits_for_the_other_threads_when_one_panics() {
    let ended = Ended::default();
    let threads = Threads::new();
    threads.start(Kind::Foreground, ended.after_work());
    threads.start(Kind::Foreground, || panic!("this thread panics"));
    drop(threads);
    assert_eq!(ended.count(), 1);
}

#[test]
fn main_waits_for_a_thread_that_starts_while_it_waits() {
    let ended = Ended::default();
    let threads = Threads::new();
    let (spawner, inner) = (threads.spawner.clone(), ended.clone());
    threads.start(Kind::Foreground, move || {
        thread::sleep(WORK);
        spawner.start(Kind::Foreground, inner.after_work());
    });
    // If main held the lock while it joins, the two threads would deadlock.
    assert_finishes(|| drop(threads));
    assert_eq!(ended.count(), 1);
}
