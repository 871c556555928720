//! A thread is started twice. Python raises RuntimeError when it comes to that line; this does not compile (E0382).

use std::thread::{self, JoinHandle};

fn main() {
    let thread = MyThread { name: "silence".to_owned() };
    let first = thread.start();
    let again = thread.start();
    first.join().expect("the thread panicked");
    again.join().expect("the thread panicked");
}

pub(crate) trait Thread: Sized + Send + 'static {
    /// What `run` returns; it comes back from `join`.
    type Output: Send + 'static;

    fn run(self) -> Self::Output;

    // It takes the thread itself, not a reference: what has been started cannot be started again.
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
