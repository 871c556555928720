//! # The result of a thread
//!
//! Two cooks work in a thread each, and one of them has no bread. Main should print how many dishes have
//! succeeded: one of two. It must find that out from the threads, and it must not panic.
//!
//! Hint: `run` returns a `Result`. What does `join` return, and what happens to it here?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch09-02-recoverable-errors-with-result.html

use std::thread::{self, JoinHandle};

pub(crate) fn main() {
    let mut succeeded = 0;
    for thread in ["tea", "toast"].map(|dish| Cook { dish }.start()) {
        let _ = thread.join();
        succeeded += 1;
    }
    println!("main: {succeeded} of 2 dishes have succeeded");
}

struct Cook {
    dish: &'static str,
}

impl Cook {
    fn start(self) -> JoinHandle<Result<(), String>> {
        thread::spawn(move || self.run())
    }

    fn run(self) -> Result<(), String> {
        if self.dish == "toast" {
            return Err("there is no bread".to_owned());
        }
        println!("{} is ready", self.dish);
        Ok(())
    }
}
