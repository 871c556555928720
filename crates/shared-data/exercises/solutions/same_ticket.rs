//! # A ticket for each guest
//!
//! Three guests take a ticket each, in threads of their own. The program should print that the tickets 1, 2 and 3 were
//! taken: no two guests may get the same number.
//!
//! Hint: Each operation of an atomic is one step. How many steps does it take to take a ticket here?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/std/sync/atomic/struct.AtomicU32.html#method.fetch_add

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

pub(crate) fn main() {
    let next = AtomicU32::new(1);
    let mut tickets = thread::scope(|scope| {
        let guests = [(); 3].map(|()| scope.spawn(|| take_ticket(&next)));
        guests.map(|guest| guest.join().expect("the thread panicked"))
    });
    tickets.sort_unstable();
    println!("tickets: {tickets:?}");
}

fn take_ticket(next: &AtomicU32) -> u32 {
    next.fetch_add(1, SeqCst)
}
