//! Whom the end of main waits for, whichever way it ends.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use course_tests::run::cli_contract::assert_finishes;

#[path = "../src/threads.rs"]
mod threads;

use threads::{Kind, Threads};

/// Counts the threads that have come to their end.
#[derive(Clone, Default)]
struct Ended(Arc<AtomicUsize>);

/// So long a thread works: whoever does not wait for it is past the end of main long before. Who waits may take as long
/// as it likes, so that no test depends on the time being enough.
const WORK: Duration = Duration::from_millis(200);

impl Ended {
    /// What a thread does that waits for `gate` to open before it counts itself.
    fn after(&self, gate: mpsc::Receiver<()>) -> impl FnOnce() + Send + 'static {
        let ended = self.clone();
        move || {
            let _ = gate.recv();
            ended.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// What a thread does that works for a while before it counts itself.
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
fn main_waits_for_a_thread_that_is_no_daemon() {
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
    // The daemon's gate is still closed: waiting for it would never end.
    assert_finishes(|| drop(threads));
    assert_eq!(ended.count(), 0);
    drop(open);
}

#[test]
fn main_waits_when_it_fails_too() {
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
fn main_waits_when_it_panics_too() {
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
fn a_thread_that_panics_does_not_keep_main_from_waiting_for_the_others() {
    let ended = Ended::default();
    let threads = Threads::new();
    threads.start(Kind::Foreground, ended.after_work());
    threads.start(Kind::Foreground, || panic!("this thread panics"));
    drop(threads);
    assert_eq!(ended.count(), 1);
}

#[test]
fn main_waits_for_a_thread_that_is_started_while_it_waits() {
    let ended = Ended::default();
    let threads = Threads::new();
    let (spawner, inner) = (threads.spawner.clone(), ended.clone());
    threads.start(Kind::Foreground, move || {
        thread::sleep(WORK);
        spawner.start(Kind::Foreground, inner.after_work());
    });
    // With the list locked over a join, the starting would wait for the joining, and that for the starting.
    assert_finishes(|| drop(threads));
    assert_eq!(ended.count(), 1);
}
