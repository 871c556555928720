//! # Two threads and one list
//!
//! Main has a list of names. Two threads look at it at the same time, and main uses it again when they have ended. The
//! program should compile and print three lines, main's last. Nothing needs to be copied.
//!
//! Hint: The compiler says that a thread may outlive the list. Which kind of thread cannot?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/std/thread/fn.scope.html

use std::thread;

pub(crate) fn main() {
    let names = [String::from("silence"), String::from("jaye")];
    thread::scope(|scope| {
        scope.spawn(|| println!("the first name is {}", names[0]));
        scope.spawn(|| println!("there are {} names", names.len()));
    });
    println!("main still has all names: {}", names.join(", "));
}
