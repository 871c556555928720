//! Cancellation.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use spider_compare::cancel::{CancelToken, Cancelled};

#[test]
fn cancelling_wakes_a_waiting_thread() {
    let token = CancelToken::default();
    let waiting = token.clone();
    let waiter = thread::spawn(move || waiting.wait(Duration::from_secs(600)));
    token.cancel(Cancelled::Signal(2));
    assert_eq!(waiter.join().unwrap(), Err(Cancelled::Signal(2)));
}

#[test]
fn the_first_reason_is_kept() {
    let token = CancelToken::default();
    assert_eq!(token.check(), Ok(()));
    token.cancel(Cancelled::BrokenPipe);
    token.cancel(Cancelled::Signal(15));
    assert_eq!(token.check(), Err(Cancelled::BrokenPipe));
    assert_eq!(token.wait(Duration::ZERO), Err(Cancelled::BrokenPipe));
}

#[test]
fn callbacks_run_once_whether_registered_before_or_after() {
    let token = CancelToken::default();
    let (sender, called) = mpsc::channel();
    let second_sender = sender.clone();
    token.on_cancel(move || sender.send("before").unwrap());
    assert_eq!(called.try_recv().ok(), None);
    token.cancel(Cancelled::BrokenPipe);
    token.on_cancel(move || second_sender.send("after").unwrap());
    token.cancel(Cancelled::BrokenPipe);
    assert_eq!(called.iter().collect::<Vec<_>>(), ["before", "after"]);
}
