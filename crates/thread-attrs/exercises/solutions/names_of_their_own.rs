//! # Names of their own
//!
//! Two threads take a name each, from the number of names so far. The program should print that the names Thread-1 and
//! Thread-2 are taken.
//!
//! Hint: How long does a thread hold the lock, and what does it know about the list after that?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch16-03-shared-state.html

use std::sync::Mutex;
use std::thread;

pub(crate) fn main() {
    let names = Mutex::new(Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| take_name(&names));
        scope.spawn(|| take_name(&names));
    });
    println!("names: {}", names.into_inner().unwrap().join(", "));
}

fn take_name(names: &Mutex<Vec<String>>) {
    let mut names = names.lock().unwrap();
    let number = names.len() + 1;
    names.push(format!("Thread-{number}"));
}
