//! # A permit that is lost
//!
//! Three threads download a page each, but a site allows only one connection at a time: a thread takes the permit first.
//! Two of the downloads fail. The program should print what became of each page, in any order, and end.
//!
//! Hint: Who gives the permit back after a download that fails?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch15-03-drop.html

use std::sync::{Condvar, Mutex};
use std::thread;

pub(crate) fn main() {
    let (permits, returned) = (&Mutex::new(1), &Condvar::new());
    thread::scope(|scope| {
        for page in ["tea", "toast", "soup"] {
            scope.spawn(move || match download(page, permits, returned) {
                Ok(()) => println!("{page}: saved"),
                Err(error) => println!("{page}: {error}"),
            });
        }
    });
}

fn download(page: &str, permits: &Mutex<u32>, returned: &Condvar) -> Result<(), String> {
    *returned.wait_while(permits.lock().unwrap(), |permits| *permits == 0).unwrap() -= 1;
    let result = fetch(page);
    *permits.lock().unwrap() += 1;
    returned.notify_one();
    result
}

fn fetch(page: &str) -> Result<(), String> {
    if page == "tea" { Ok(()) } else { Err("not found".to_owned()) }
}
