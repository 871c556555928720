//! # Wait until main is alone
//!
//! Two threads end and take themselves off the count of active threads. Main waits until it is the only one left. The
//! program should print the lines of both threads, in either order, then main's count, and always end.
//!
//! Hint: Main looks at the count, then waits. What if the last thread ends between the two?
//!
//! Page: ../README.md#python-and-rust-side-by-side
//! Book: https://doc.rust-lang.org/std/sync/struct.Condvar.html

use std::sync::{Condvar, Mutex};
use std::thread;

pub(crate) fn main() {
    let (active, ended) = (&Mutex::new(3), &Condvar::new());
    thread::scope(|scope| {
        for name in ["silence", "Thread-1"] {
            scope.spawn(move || {
                println!("{name} ends");
                *active.lock().unwrap() -= 1;
                ended.notify_one();
            });
        }
        wait_until_alone(active, ended);
        println!("当前活跃的线程数:>>>{}", active.lock().unwrap());
    });
}

fn wait_until_alone(active: &Mutex<u32>, ended: &Condvar) {
    let mut count = active.lock().unwrap();
    while *count > 1 {
        count = ended.wait(count).unwrap();
    }
}
