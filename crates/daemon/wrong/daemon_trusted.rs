//! A daemon thread is trusted to finish its work. The end of main cuts it off: lines are missing, and its `drop` too.

use std::thread;
use std::time::Duration;

pub(crate) fn main() {
    // Python: daemon = True. In Rust: nobody keeps the handle.
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

/// What must be done in any case, after a panic too: but not when the process ends.
struct Finally;

impl Drop for Finally {
    fn drop(&mut self) {
        println!("this is foo finally");
    }
}
