//! A thread is started twice. Python raises RuntimeError at the second start; this does not compile (E0382).

use std::thread::{self, JoinHandle};

fn main() {
    let thread = MyThread { name: "silence".to_owned() };
    let first = thread.start();
    let again = thread.start();
    first.join().expect("the thread panicked");
    again.join().expect("the thread panicked");
}

/// Runs in a thread of its own. A type that provides `run` has `start` too.
pub(crate) trait Thread: Sized + Send + 'static {
    /// What `run` returns; `join` returns it too.
    type Output: Send + 'static;
    fn run(self) -> Self::Output;

    /// Takes `self`, not `&self`: a thread that was started cannot be started again.
    fn start(self) -> JoinHandle<Self::Output> {
        thread::spawn(move || self.run())
    }
}

struct MyThread {
    name: String,
}

impl Thread for MyThread {
    type Output = ();

    fn run(self) {
        println!("{} is running", self.name);
    }
}
