//! A thread that is started, and joined.
//!
//! Python: `Thread(target=task).start()`; at its end the interpreter waits for the thread by itself.

use std::sync::Arc;
use std::time::Duration;
use std::{env, process, thread};

use signal_hook::{consts::SIGPIPE, flag};

fn main() -> anyhow::Result<()> {
    // When nobody reads any more (`| head -1`), end without a word.
    flag::register_conditional_shutdown(SIGPIPE, 0, Arc::new(true.into()))?;
    let args: Vec<_> = env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    if !args.is_empty() {
        eprintln!("THE_LESSON: no scenario {:?}; there is one alone, without a name", args.join(" "));
        process::exit(2);
    }
    lesson_main();
    Ok(())
}

pub(crate) fn lesson_main() {
    let thread = thread::spawn(task);
    println!("this is main");
    thread.join().expect("the task panicked");
}

fn task() {
    println!("the task begins");
    thread::sleep(Duration::from_secs(1));
    println!("the task ends");
}
