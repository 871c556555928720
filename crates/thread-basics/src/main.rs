//! The same task, once as a thread and once as a process.
//!
//! Python: `Thread(target=task, args=("silence",)).start()`, then `Process` in place of `Thread`.

use std::io::{self, Write};
use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{env, thread};

use anyhow::ensure;
use scenarios::Lesson;

fn main() -> ExitCode {
    Lesson::new("thread-basics")
        .scenario("thread", "a thread runs the task", thread_main)
        .scenario("process", "a child process runs the task", process_main)
        .ignoring_sigpipe()
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
    let mut process = Command::new(env::current_exe()?).args(["task", "silence"]).spawn()?;
    // `println!` panics if standard output was closed, and would leave the child behind.
    let _ = writeln!(io::stdout(), "this is main process!");
    let status = process.wait()?;
    ensure!(status.success(), "the child process failed: {status}");
    Ok(())
}

fn task(name: &str) {
    println!("当前任务:>>>{name} 正在运行");
    thread::sleep(Duration::from_secs(3));
    println!("当前任务:>>>{name} 结束运行");
}
