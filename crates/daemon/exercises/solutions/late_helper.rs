//! # Join the late ones, too
//!
//! Main joins all threads on a list, until the list is empty. Meanwhile the cook starts a helper and puts it on the
//! list. The program should print the lines of cook and helper, in either order, then main's line, and always end.
//!
//! Hint: Which thread holds the lock on the list while main joins another?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch21-02-multithreaded.html

use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

type Threads = Arc<Mutex<Vec<JoinHandle<()>>>>;

pub(crate) fn main() {
    let threads = Threads::default();
    let list = Arc::clone(&threads);
    threads.lock().unwrap().push(thread::spawn(move || cook(&list)));
    loop {
        // The lock is released at the end of this statement. `while let` would hold it until the end of its body.
        let Some(thread) = threads.lock().unwrap().pop() else { break };
        thread.join().expect("the thread panicked");
    }
    println!("main: breakfast is ready");
}

fn cook(threads: &Threads) {
    let helper = thread::spawn(|| println!("helper: the tea is ready"));
    threads.lock().unwrap().push(helper);
    println!("cook: the toast is ready");
}
