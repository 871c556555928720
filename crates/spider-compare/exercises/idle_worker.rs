//! # Nothing to load yet
//!
//! Two workers load pages. The listing leads to two pictures, and the site, which you cannot change, sends a picture
//! only when both are requested at the same time. The program should print both pictures, in either order, and always
//! end: a worker should leave when no page is left and none can be added.
//!
//! Hint: What does the second worker find in the queue while the first one loads the listing?
//!
//! Page: ../README.md#python-and-rust-side-by-side
//! Book: https://doc.rust-lang.org/book/ch21-02-multithreaded.html

use std::sync::{Barrier, Condvar, Mutex};
use std::thread;

struct Queue {
    pages: Vec<&'static str>,
    loading: u32,
}

pub(crate) fn main() {
    let queue = Mutex::new(Queue { pages: vec!["listing"], loading: 0 });
    let (finished, site) = (Condvar::new(), Barrier::new(2));
    thread::scope(|scope| {
        scope.spawn(|| work(&queue, &finished, &site));
        scope.spawn(|| work(&queue, &finished, &site));
    });
}

fn work(queue: &Mutex<Queue>, finished: &Condvar, site: &Barrier) {
    loop {
        let mut locked = queue.lock().unwrap();
        let Some(page) = locked.pages.pop() else { return };
        locked.loading += 1;
        drop(locked);
        let found = load(page, site);
        let mut locked = queue.lock().unwrap();
        locked.pages.extend(found);
        locked.loading -= 1;
        finished.notify_all();
    }
}

/// Loads a page, and returns the pages to which it leads.
fn load(page: &str, site: &Barrier) -> &'static [&'static str] {
    if page == "listing" {
        return &["picture 1", "picture 2"];
    }
    site.wait();
    println!("{page}");
    &[]
}
