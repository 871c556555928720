//! # The last biscuit
//!
//! There is one biscuit in the tin, and two guests want it. The program should print that one guest eats it and the
//! other finds the tin empty, in either order.
//!
//! Hint: The lock is taken twice. What can the other guest do between the two?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch16-03-shared-state.html

use std::sync::Mutex;
use std::thread;

pub(crate) fn main() {
    let tin = Mutex::new(1);
    thread::scope(|scope| {
        scope.spawn(|| visit(&tin));
        scope.spawn(|| visit(&tin));
    });
}

fn visit(tin: &Mutex<u32>) {
    if take(tin) {
        println!("a guest eats a biscuit");
    } else {
        println!("a guest finds the tin empty");
    }
}

/// Takes a biscuit, and returns whether there was one.
fn take(tin: &Mutex<u32>) -> bool {
    let biscuits = *tin.lock().unwrap();
    if biscuits > 0 {
        *tin.lock().unwrap() = biscuits - 1;
    }
    biscuits > 0
}
