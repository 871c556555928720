//! A read, then a write, without a lock: an update in between is lost, and main prints 1000 instead of 1001.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

pub(crate) fn main() {
    let number = AtomicU32::new(999);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let read = number.load(SeqCst); // right: (remove this line)
                number.store(read + 1, SeqCst); // right: number.fetch_add(1, SeqCst);
            });
        }
    });
    println!("{}", number.load(SeqCst));
}
