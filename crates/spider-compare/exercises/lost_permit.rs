//! # The failed download
//!
//! Two threads load a page each. The site allows one request at a time, so each needs the only permit. One of the pages
//! does not exist. The program should print a line for each page, in either order, and always end.
//!
//! Hint: Which ways lead out of `load`? Does each of them release the permit?
//!
//! Page: ../README.md#what-is-guaranteed
//! Book: https://doc.rust-lang.org/book/ch15-03-drop.html

use std::sync::{Condvar, Mutex};
use std::thread;

pub(crate) fn main() {
    let (permits, released, site) = (&Mutex::new(1), &Condvar::new(), &Mutex::new(()));
    thread::scope(|scope| {
        for page in ["missing.html", "tea.html"] {
            scope.spawn(move || match load(page, permits, released, site) {
                Ok(()) => println!("{page} is loaded"),
                Err(error) => println!("{page}: {error}"),
            });
        }
    });
}

fn load(page: &str, permits: &Mutex<u32>, released: &Condvar, site: &Mutex<()>) -> Result<(), &'static str> {
    let mut free = released.wait_while(permits.lock().unwrap(), |free| *free == 0).unwrap();
    *free -= 1;
    drop(free);
    request(page, site)?;
    *permits.lock().unwrap() += 1;
    released.notify_one();
    Ok(())
}

fn request(page: &str, site: &Mutex<()>) -> Result<(), &'static str> {
    let _request = site.try_lock().expect("the site allows one request at a time");
    if page == "missing.html" { Err("404 Not Found") } else { Ok(()) }
}
