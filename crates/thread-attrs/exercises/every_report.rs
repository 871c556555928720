//! # Until every thread has reported
//!
//! Two threads send main a line each. Main prints what it receives, until no thread is left that could send one. The
//! program should print both lines, in either order, then main's own, and end.
//!
//! Hint: A receiver's loop ends when every sender has been dropped. How many senders are there?
//!
//! Page: ../README.md#try-it
//! Book: https://doc.rust-lang.org/book/ch16-02-message-passing.html

use std::sync::mpsc::{self, Sender};
use std::thread;

pub(crate) fn main() {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for name in ["silence", "Thread-1"] {
            let sender = sender.clone();
            scope.spawn(move || report(name, &sender));
        }
        for line in receiver {
            println!("{line}");
        }
        println!("main: all threads have reported");
    });
}

fn report(name: &str, sender: &Sender<String>) {
    sender.send(format!("{name} is alive:>>>true")).expect("main receives it");
}
