//! The lock is released between the read and the write: an update in between is lost, as without a lock.

use std::sync::Mutex;
use std::thread;

pub(crate) fn main() {
    let number = Mutex::new(999);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let read = *number.lock().unwrap(); // right: let mut number = number.lock().unwrap();
                *number.lock().unwrap() = read + 1; // right: *number += 1;
            });
        }
    });
    println!("{}", number.into_inner().unwrap());
}
