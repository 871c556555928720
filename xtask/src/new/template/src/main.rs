//! A thread that is started and joined.
//!
//! Python: `Thread(target=task).start()`. The interpreter waits for the thread before it exits.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use scenarios::Lesson;

pub(crate) fn main() -> ExitCode {
    Lesson::new("THE_LESSON").only_scenario("a thread runs a task", lesson_main).run()
}

fn lesson_main() {
    let thread = thread::spawn(task);
    println!("this is main");
    thread.join().expect("the task panicked");
}

fn task() {
    println!("the task begins");
    thread::sleep(Duration::from_secs(1));
    println!("the task ends");
}
