//! # Breakfast for two
//!
//! Two guests sit down at a table in threads of their own, and each waits for the other before they eat. The program
//! should print that both sit down before either of them eats, then main's line, and end.
//!
//! Hint: The two threads have to run at the same time. When does the second one start? An iterator does nothing
//! until it is asked for its next item.
//!
//! Page: ../README.md#python-and-rust-side-by-side
//! Book: https://doc.rust-lang.org/book/ch13-02-iterators.html

use std::sync::Barrier;
use std::thread;

pub(crate) fn main() {
    // Its `wait` returns when two threads have called it.
    let table = &Barrier::new(2);
    thread::scope(|scope| {
        let guests = ["silence", "jaye"].into_iter().map(|name| scope.spawn(move || dine(name, table)));
        for guest in guests {
            guest.join().expect("the thread panicked");
        }
    });
    println!("main: breakfast is over");
}

fn dine(name: &str, table: &Barrier) {
    println!("{name} sits down");
    table.wait();
    println!("{name} eats");
}
