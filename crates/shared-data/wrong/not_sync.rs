//! Two threads share a `Cell`, which is not `Sync`: it is for a single thread. This does not compile (E0277).

use std::cell::Cell; // right: use std::sync::Mutex;
use std::thread;

fn main() {
    let number = Cell::new(999); // right: let number = Mutex::new(999);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| number.set(number.get() + 1)); // right: scope.spawn(|| *number.lock().unwrap() += 1);
        }
    });
    println!("{}", number.into_inner()); // right: println!("{}", number.into_inner().unwrap());
}
