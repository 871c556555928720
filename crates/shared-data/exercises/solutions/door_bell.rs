//! # The door is open
//!
//! Two guests wait until the door is open. Main opens it and rings the bell. The program should print that both guests
//! come in, in either order, and end.
//!
//! Hint: How many of the guests does the bell wake, if both wait already?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/std/sync/struct.Condvar.html

use std::sync::{Condvar, Mutex};
use std::thread;

pub(crate) fn main() {
    let (open, bell) = (&Mutex::new(false), &Condvar::new());
    thread::scope(|scope| {
        for name in ["silence", "jaye"] {
            scope.spawn(move || come_in(name, open, bell));
        }
        *open.lock().unwrap() = true;
        bell.notify_all();
    });
}

fn come_in(name: &str, open: &Mutex<bool>, bell: &Condvar) {
    let mut open = open.lock().unwrap();
    while !*open {
        open = bell.wait(open).unwrap();
    }
    println!("{name} comes in");
}
