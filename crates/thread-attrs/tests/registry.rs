//! The active count after a start, an end, a panic and a failed start; names; and a panic that reaches main.

use std::sync::mpsc;
use std::thread;

/// Replaces `println!` in the lesson below: prints nothing, and panics where the lesson's thread would print.
macro_rules! println {
    ($($line:tt)*) => { assert!(!format!($($line)*).starts_with("silence 的进程号"), "the task has a bug") };
}

#[allow(dead_code, reason = "the lesson's program as a whole; its child process is not started")]
#[path = "../src/main.rs"]
mod lesson;

use lesson::threads::ThreadRegistry;

#[test]
fn without_other_threads_the_count_is_one() {
    assert_eq!(ThreadRegistry::new().active_count(), 1);
}

#[test]
fn a_thread_is_counted_from_its_start_to_its_join() {
    let threads = ThreadRegistry::new();
    for started in 1..=50 {
        let (open, gate) = mpsc::channel::<()>();
        let (_, handle) = threads.start(None, move || gate.recv()).expect("a thread");
        assert_eq!(threads.active_count(), 2, "at start number {started}");
        drop(open);
        let _ = handle.join().expect("it does not panic");
        assert_eq!(threads.active_count(), 1, "after join number {started}");
    }
}

#[test]
fn a_thread_that_panicked_is_not_counted() {
    let threads = ThreadRegistry::new();
    let (thread, handle) = threads.start(Some("silence"), || panic!("this thread panics")).expect("a thread");
    assert!(handle.join().is_err());
    assert!(!thread.is_alive());
    assert_eq!(threads.active_count(), 1);
}

#[test]
#[should_panic(expected = "the thread panicked")]
fn when_the_lesson_s_thread_panics_main_does_too() {
    let _ = lesson::one_process(&[Some("silence")]);
}

#[test]
fn join_returns_what_the_thread_returned() {
    let (_, handle) = ThreadRegistry::new().start(None, || 42).expect("a thread");
    assert_eq!(handle.join().expect("it does not panic"), 42);
}

#[test]
fn a_thread_without_a_name_gets_a_number() {
    let threads = ThreadRegistry::new();
    let name = || thread::current().name().map(str::to_owned);
    let mut names = Vec::new();
    for given in [None, Some("silence"), None] {
        let (thread, handle) = threads.start(given, name).expect("a thread");
        assert_eq!(handle.join().expect("it does not panic").as_deref(), Some(thread.name()));
        names.push(thread.name().to_owned());
    }
    assert_eq!(names, ["Thread-1", "silence", "Thread-2"]);
}

#[test]
fn a_name_with_a_nul_byte_is_an_error_and_is_not_counted() {
    let threads = ThreadRegistry::new();
    assert!(threads.start(Some("a\0b"), || ()).is_err());
    assert_eq!(threads.active_count(), 1);
}

#[test]
fn two_registries_count_their_own_threads() {
    let (ours, theirs) = (ThreadRegistry::new(), ThreadRegistry::new());
    let (open, gate) = mpsc::channel::<()>();
    let (_, handle) = theirs.start(None, move || gate.recv()).expect("a thread");
    assert_eq!((ours.active_count(), theirs.active_count()), (1, 2));
    drop(open);
    let _ = handle.join();
}
