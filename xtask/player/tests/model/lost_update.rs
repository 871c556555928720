use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

fn main() {
    let number = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let read = number.load(SeqCst);
                number.store(read + 1, SeqCst);
            });
        }
    });
    println!("{}", number.load(SeqCst));
}
