//! # Wait for the tea
//!
//! A thread makes tea while main makes toast. The program should always print all three lines: the tea boils before it
//! is ready, and main's line may come anywhere.
//!
//! Hint: What happens to the thread when main returns?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch16-01-threads.html

use std::thread;
use std::time::Duration;

pub(crate) fn main() {
    thread::spawn(make_tea);
    println!("main: the toast is ready");
}

fn make_tea() {
    println!("tea: the water boils");
    thread::sleep(Duration::from_millis(100));
    println!("tea: the tea is ready");
}
