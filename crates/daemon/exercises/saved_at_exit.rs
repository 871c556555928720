//! # Saved at exit
//!
//! The notes are saved by a destructor: when they are dropped. The program should print that main says good night, and then
//! that the notes are saved.
//!
//! Hint: What does the documentation of `process::exit` say about destructors?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/std/process/fn.exit.html

use std::process;

pub(crate) fn main() {
    let _notes = Notes;
    println!("main: good night");
    process::exit(0);
}

/// Notes that are saved when they are dropped.
struct Notes;

impl Drop for Notes {
    fn drop(&mut self) {
        println!("notes: saved");
    }
}
