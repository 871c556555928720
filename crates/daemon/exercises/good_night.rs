//! # Good night
//!
//! Two threads run in the background. The clock may be cut off: nothing depends on it. The notes must be saved before main
//! says good night.
//!
//! Hint: For which of the two threads does main wait?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch16-01-threads.html#waiting-for-all-threads-to-finish

use std::thread;

pub(crate) fn main() {
    let clock = thread::spawn(|| println!("clock: tick"));
    let notes = thread::spawn(|| println!("notes: saved"));
    clock.join().expect("the thread panicked");
    drop(notes);
    println!("main: good night");
}
