//! The active count: right after a start, an end, a panic and a start that failed; and that a panic reaches main.

use std::sync::mpsc;
use std::thread;

/// In the place of std's, in the lesson below: prints nothing, and panics where the lesson's thread would print.
macro_rules! println {
    ($($line:tt)*) => { assert!(!format!($($line)*).starts_with("silence 的进程号"), "the task has a bug") };
}

#[allow(dead_code, reason = "the lesson's program as a whole; its child process is not started")]
#[path = "../src/main.rs"]
mod lesson;

use lesson::threads::Threads;

#[test]
fn at_first_there_is_main_alone() {
    assert_eq!(Threads::new().active_count(), 1);
}

#[test]
fn a_thread_that_was_just_started_is_counted_whether_it_runs_yet_or_not() {
    let threads = Threads::new();
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
fn a_thread_that_panics_is_counted_no_more() {
    let threads = Threads::new();
    let (member, handle) = threads.start(Some("unlucky"), || panic!("this thread panics")).expect("a thread");
    assert!(handle.join().is_err());
    assert!(!member.is_alive());
    assert_eq!(threads.active_count(), 1);
}

#[test]
#[should_panic(expected = "the thread panicked")]
fn when_the_lesson_s_thread_panics_main_does_too() {
    let _ = lesson::one_process(&[Some("silence")]);
}

#[test]
fn what_a_thread_returns_comes_back_from_its_join() {
    let (_, handle) = Threads::new().start(None, || 42).expect("a thread");
    assert_eq!(handle.join().expect("it does not panic"), 42);
}

#[test]
fn threads_have_the_names_they_are_given_or_numbers() {
    let threads = Threads::new();
    let name = || thread::current().name().map(str::to_owned);
    let mut names = Vec::new();
    for given in [None, Some("silence"), None] {
        let (member, handle) = threads.start(given, name).expect("a thread");
        assert_eq!(handle.join().expect("it does not panic").as_deref(), Some(member.name()));
        names.push(member.name().to_owned());
    }
    assert_eq!(names, ["Thread-1", "silence", "Thread-2"]);
}

#[test]
fn a_name_that_no_system_takes_is_an_error_and_counts_nothing() {
    let threads = Threads::new();
    assert!(threads.start(Some("a\0b"), || ()).is_err());
    assert_eq!(threads.active_count(), 1);
}

#[test]
fn two_registries_do_not_count_each_others_threads() {
    let (ours, theirs) = (Threads::new(), Threads::new());
    let (open, gate) = mpsc::channel::<()>();
    let (_, handle) = theirs.start(None, move || gate.recv()).expect("a thread");
    assert_eq!((ours.active_count(), theirs.active_count()), (1, 2));
    drop(open);
    let _ = handle.join();
}
