//! A thread that knows what to run.
//!
//! Python: `class MyThread(Thread)` with a `run` of its own; `start` is inherited. Rust has no inheritance: a trait
//! provides `start` for whatever has a `run`.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{env, process};

use signal_hook::{consts::SIGPIPE, flag};

fn main() -> anyhow::Result<()> {
    // When nobody reads any more (`| head -1`), end without a word.
    flag::register_conditional_shutdown(SIGPIPE, 0, Arc::new(true.into()))?;
    let args: Vec<_> = env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    if !args.is_empty() {
        eprintln!("thread-subclass: no scenario {:?}; there is one alone, without a name", args.join(" "));
        process::exit(2);
    }
    subclass_main();
    Ok(())
}

pub(crate) fn subclass_main() {
    let thread = MyThread { name: "silence".to_owned() }.start();
    println!("this is a main process");
    thread.join().expect("the thread panicked");
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
