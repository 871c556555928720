//! # Two purses
//!
//! Two guests pay each other at the same time. Each purse has a lock of its own. The program should always end, and
//! print that silence has 120 and jaye has 80.
//!
//! Hint: In which order does each of the two threads take the two locks?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch16-03-shared-state.html

use std::sync::Mutex;
use std::thread;

pub(crate) fn main() {
    let (silence, jaye) = (Mutex::new(100), Mutex::new(100));
    thread::scope(|scope| {
        scope.spawn(|| pay(&silence, &jaye, 10));
        scope.spawn(|| pay(&jaye, &silence, 30));
    });
    println!("silence has {}, jaye has {}", silence.into_inner().unwrap(), jaye.into_inner().unwrap());
}

fn pay(from: &Mutex<u32>, to: &Mutex<u32>, amount: u32) {
    // One lock at a time: the first is released at the end of its statement.
    *from.lock().unwrap() -= amount;
    *to.lock().unwrap() += amount;
}
