//! Main relies on a daemon thread to finish its work. The thread ends with main: lines are missing, and its `drop`.

use std::thread;
use std::time::Duration;

pub(crate) fn main() {
    // Python: daemon = True. In Rust: the handle is dropped.
    thread::spawn(foo); // right: let thread = thread::spawn(foo);
    println!("this is main");
    // right: thread.join().unwrap();
}

fn foo() {
    let _finally = Finally;
    println!("this is foo begin");
    thread::sleep(Duration::from_millis(100));
    println!("this is foo end");
}

/// Cleans up when it is dropped: after a panic too, but not when the process ends.
struct Finally;

impl Drop for Finally {
    fn drop(&mut self) {
        println!("this is foo finally");
    }
}
