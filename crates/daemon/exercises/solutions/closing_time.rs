//! # Closing time
//!
//! A worker makes what main orders. At closing time, main raises a flag and waits for the worker. The program should print
//! that the worker has made everything that was ordered before, and that the kitchen is closed.
//!
//! Hint: Main raises the flag right after the last order. How far may the worker be by then?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch16-02-message-passing.html

use std::sync::mpsc::{self, Receiver};
use std::thread;

pub(crate) fn main() {
    let (order, orders) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || work(&orders));
        for dish in ["tea", "toast"] {
            // An error if the worker has left.
            let _ = order.send(dish);
        }
        drop(order);
    });
    println!("main: the kitchen is closed");
}

fn work(orders: &Receiver<&str>) {
    // The end of all senders ends the loop, after the last order.
    for dish in orders {
        println!("worker: {dish}");
    }
}
