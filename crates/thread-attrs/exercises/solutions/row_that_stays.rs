//! # A row that stays
//!
//! Two threads count themselves as active while they work. One of them fails early. When both have ended, the program
//! should print the error, and then that only main is active.
//!
//! Hint: Follow the thread that fails, line by line. Which line does it never reach?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch15-03-drop.html

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

pub(crate) fn main() {
    let active = &AtomicUsize::new(1);
    let results = thread::scope(|scope| {
        let threads = ["silence", "jaye"].map(|name| scope.spawn(move || work(name, active)));
        threads.map(|thread| thread.join().expect("the thread panicked"))
    });
    for error in results.into_iter().filter_map(Result::err) {
        println!("{error}");
    }
    println!("active threads: {}", active.load(SeqCst));
}

fn work(name: &str, active: &AtomicUsize) -> Result<(), String> {
    active.fetch_add(1, SeqCst);
    let result = boil_water(name);
    active.fetch_sub(1, SeqCst);
    result
}

fn boil_water(name: &str) -> Result<(), String> {
    if name == "jaye" { Err(format!("{name}: there is no water")) } else { Ok(()) }
}
