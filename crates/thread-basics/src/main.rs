//! The same task, once as a thread and once as a process.
//!
//! Python: `Thread(target=task, args=("silence",)).start()`, then `Process` in place of `Thread`.

use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{env, thread};

use scenarios::{Lesson, Process, print_line};

pub(crate) fn main() -> ExitCode {
    Lesson::new("thread-basics")
        .scenario("thread", "a thread runs the task", thread_main)
        .scenario("process", "a child process runs the task", process_main)
        .child("task", |[name]| task(name))
        .run()
}

pub(crate) fn thread_main() {
    let thread = thread::spawn(|| task("silence"));
    println!("this is main process!");
    // Python waits for its threads before it exits.
    // In Rust the process, with all its threads, ends when main returns.
    thread.join().expect("the task panicked");
}

fn process_main() -> anyhow::Result<()> {
    // A `Process` is a `Child` that is waited for: in `join`, or when it is dropped after an error.
    let process = Process::start(Command::new(env::current_exe()?).args(["task", "silence"]))?;
    // `println!` would end this process if standard output was closed, without waiting for the child.
    print_line("this is main process!")?;
    process.join()
}

fn task(name: &str) {
    println!("当前任务:>>>{name} 正在运行");
    thread::sleep(Duration::from_secs(3));
    println!("当前任务:>>>{name} 结束运行");
}
