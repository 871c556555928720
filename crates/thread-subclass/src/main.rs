//! A type that runs in a thread of its own, like a subclass of Python's `Thread`.
//!
//! Python: a subclass of `Thread` overrides `run`. Rust: a trait provides `start` for every type with a `run`.

use std::process::ExitCode;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use scenarios::Lesson;

pub(crate) fn main() -> ExitCode {
    Lesson::new("thread-subclass").only_scenario("a thread runs its own `run`", subclass_main).run()
}

pub(crate) fn subclass_main() {
    let thread = MyThread { name: "silence".to_owned() }.start();
    println!("this is a main process");
    thread.join().expect("the thread panicked");
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

pub(crate) struct MyThread {
    pub(crate) name: String,
}

impl Thread for MyThread {
    type Output = ();

    fn run(self) {
        println!("{} is running", self.name);
        thread::sleep(Duration::from_secs(3));
        println!("{} is ending", self.name);
    }
}
