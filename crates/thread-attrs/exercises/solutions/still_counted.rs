//! # Ready, but still counted
//!
//! A thread is counted as active from before its start until it has done its work. When main hears that the tea is
//! ready, the program should always print that 1 thread is active: main itself.
//!
//! Hint: Main may count as soon as it has received the message. Until when does the thread keep its entry?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch15-03-drop.html

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;

pub(crate) fn main() {
    let active = AtomicUsize::new(1);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        active.fetch_add(1, SeqCst);
        let entry = Entry(&active);
        scope.spawn(move || {
            drop(entry);
            sender.send("the tea is ready").expect("main receives it");
        });
        println!("{}", receiver.recv().expect("the thread sends it"));
        println!("当前活跃的线程数:>>>{}", active.load(SeqCst));
    });
}

/// An active thread; dropped, it is no longer counted.
struct Entry<'a>(&'a AtomicUsize);

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}
