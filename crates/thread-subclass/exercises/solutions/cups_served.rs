//! # A count for all threads
//!
//! Two waiters serve a cup each, in threads of their own, and count it. The program should compile, print a line for
//! each waiter, in either order, and then that two cups were served.
//!
//! Hint: The compiler says which type must not go to another thread. Which type does the same job for threads?
//!
//! Page: ../README.md#python-and-rust-side-by-side
//! Book: https://doc.rust-lang.org/book/ch16-04-extensible-concurrency-sync-and-send.html

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread::{self, JoinHandle};

pub(crate) fn main() {
    let served = Arc::new(AtomicU32::new(0));
    let threads = ["silence", "jaye"].map(|name| Waiter { name, served: Arc::clone(&served) }.start());
    for thread in threads {
        thread.join().expect("the thread panicked");
    }
    println!("main: {} cups were served", served.load(Relaxed));
}

/// Runs in a thread of its own. A type that provides `run` has `start` too.
trait Thread: Sized + Send + 'static {
    fn run(self);

    fn start(self) -> JoinHandle<()> {
        thread::spawn(move || self.run())
    }
}

struct Waiter {
    name: &'static str,
    served: Arc<AtomicU32>,
}

impl Thread for Waiter {
    fn run(self) {
        self.served.fetch_add(1, Relaxed);
        println!("{} has served a cup", self.name);
    }
}
