//! # Lines that stay in one piece
//!
//! Two threads each print what they have made. The program should print the two lines, each in one piece, in either
//! order.
//!
//! Hint: How many calls does it take to print a line here? The other thread may print between any two of them.
//!
//! Page: ../README.md#python-and-rust-side-by-side
//! Book: https://doc.rust-lang.org/std/macro.print.html

use std::thread;

pub(crate) fn main() {
    thread::scope(|scope| {
        scope.spawn(|| report("silence", &["tea", "toast"]));
        scope.spawn(|| report("jaye", &["rice", "soup"]));
    });
}

fn report(name: &str, dishes: &[&str]) {
    println!("{name} made {}", dishes.join(" "));
}
