//! # A cup for each guest
//!
//! Two guests wait for a cup of tea each. Main fills two cups, one after the other, and wakes the guests each time. The
//! program should print that both guests drink, in either order, and that no cup is left. No thread may panic.
//!
//! Hint: Two guests wake up and there is one cup. What does the second guest find?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/std/sync/struct.Condvar.html#method.wait_while

use std::sync::{Condvar, Mutex};
use std::thread;

pub(crate) fn main() {
    let (cups, filled) = (&Mutex::new(0), &Condvar::new());
    thread::scope(|scope| {
        for name in ["silence", "jaye"] {
            scope.spawn(move || drink(name, cups, filled));
        }
        for _ in 0..2 {
            *cups.lock().unwrap() += 1;
            filled.notify_all();
        }
    });
    println!("cups left: {}", cups.lock().unwrap());
}

fn drink(name: &str, cups: &Mutex<u32>, filled: &Condvar) {
    let mut cups = cups.lock().unwrap();
    while *cups == 0 {
        cups = filled.wait(cups).unwrap();
    }
    *cups = cups.checked_sub(1).expect("there is no cup");
    println!("{name} drinks");
}
