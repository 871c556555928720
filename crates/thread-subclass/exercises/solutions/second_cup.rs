//! # Start it twice
//!
//! A kettle boils water in a thread, once for tea and once for coffee. The program should compile, boil the water in
//! two threads, one after the other, and print that each cup is ready.
//!
//! Hint: `start` takes `self`. Which kettle is left for the coffee?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch04-01-what-is-ownership.html

use std::thread::{self, JoinHandle};

pub(crate) fn main() {
    for cup in ["tea", "coffee"] {
        let kettle = Kettle { name: "kettle".to_owned() };
        kettle.start().join().expect("the thread panicked");
        println!("main: the {cup} is ready");
    }
}

/// Runs in a thread of its own. A type that provides `run` has `start` too.
trait Thread: Sized + Send + 'static {
    fn run(self);

    fn start(self) -> JoinHandle<()> {
        thread::spawn(move || self.run())
    }
}

struct Kettle {
    name: String,
}

impl Thread for Kettle {
    fn run(self) {
        println!("{}: the water boils", self.name);
    }
}
