//! # Counted to the end
//!
//! A thread tells main through a channel that its work is done. Main then prints how many threads are still active. It
//! should always print that only main is.
//!
//! Hint: Main goes on as soon as the message is there. What has the thread not done yet at that time?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch16-02-message-passing.html

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;

pub(crate) fn main() {
    let active = &AtomicUsize::new(1);
    let (done, news) = mpsc::channel();
    thread::scope(|scope| {
        active.fetch_add(1, SeqCst);
        scope.spawn(move || {
            println!("silence: the work is done");
            done.send(()).expect("main is waiting");
            active.fetch_sub(1, SeqCst);
        });
        news.recv().expect("the thread sends a message");
        println!("active threads: {}", active.load(SeqCst));
    });
}
