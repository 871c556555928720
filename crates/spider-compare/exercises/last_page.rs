//! # The last page
//!
//! Two workers share a queue of pages. The first page links to two more. A worker that finds no page waits as long as
//! another one is still at work, because that may find links. The program should print all three pages, each once, and end.
//!
//! Hint: A worker waits until something has changed. Which changes does the other one announce?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/std/sync/struct.Condvar.html

use std::sync::{Condvar, Mutex};
use std::thread;

/// The pages that are left, and how many workers visit one.
struct Queue {
    pages: Vec<u32>,
    at_work: u32,
}

pub(crate) fn main() {
    let (queue, changed) = (Mutex::new(Queue { pages: vec![1], at_work: 0 }), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| work(&queue, &changed));
        scope.spawn(|| work(&queue, &changed));
    });
}

fn work(queue: &Mutex<Queue>, changed: &Condvar) {
    let must_wait = |queue: &mut Queue| queue.pages.is_empty() && queue.at_work > 0;
    loop {
        let mut state = changed.wait_while(queue.lock().unwrap(), must_wait).unwrap();
        let Some(page) = state.pages.pop() else { return };
        state.at_work += 1;
        drop(state);
        println!("page {page}");
        let links = if page == 1 { vec![2, 3] } else { Vec::new() };
        let mut state = queue.lock().unwrap();
        state.at_work -= 1;
        for link in links {
            state.pages.push(link);
            changed.notify_one();
        }
    }
}
