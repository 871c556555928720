//! Five processes each have a number of their own; five threads share one.
//!
//! Python: `global number; number += 1` in five of `Process`, then in five of `Thread`.

use std::path::Path;
use std::process::{self, Child, Command};
use std::sync::Arc;
use std::{env, thread};

use anyhow::ensure;
use parking_lot::Mutex;
use signal_hook::{consts::SIGPIPE, flag};

pub(crate) mod word_processor;

const NUMBER: u32 = 999;

fn main() -> anyhow::Result<()> {
    let args: Vec<_> = env::args_os().skip(1).collect();
    let words: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
    let words: Vec<_> = words.iter().map(AsRef::as_ref).collect();
    if words.first() != Some(&"word-processor") {
        // When nobody reads any more (`| head -1`), end without a word; but a word processor saves first.
        flag::register_conditional_shutdown(SIGPIPE, 0, Arc::new(true.into()))?;
    }
    match words[..] {
        [] => ["process", "thread", "word-processor"].into_iter().try_for_each(this_program),
        ["process"] => process_main(),
        ["thread"] => {
            thread_main(5);
            Ok(())
        }
        ["word-processor"] => word_processor::sample(),
        ["word-processor", "--type"] => word_processor::type_into(Path::new("word-processor.txt")),
        ["word-processor", "--type", file] if !file.is_empty() && !file.starts_with('-') => {
            word_processor::type_into(Path::new(&args[2]))
        }
        ["work", name] => {
            let mut number = NUMBER;
            work(name, &mut number);
            Ok(())
        }
        _ => {
            eprintln!(
                "shared-data: no scenario {:?}; there are process, thread, word-processor and \
                 word-processor --type [FILE]",
                words.join(" ")
            );
            process::exit(2);
        }
    }
}

fn process_main() -> anyhow::Result<()> {
    let number = NUMBER;
    let mut processes = Vec::new();
    for i in 0..5 {
        let process = Command::new(env::current_exe()?).args(["work", &format!("process_{i}")]).spawn()?;
        processes.push(Process(process));
    }
    for process in processes {
        process.join()?;
    }
    println!("{number}");
    Ok(())
}

pub(crate) fn thread_main(threads: u32) {
    let number = Mutex::new(NUMBER);
    thread::scope(|scope| {
        for i in 0..threads {
            let number = &number;
            scope.spawn(move || {
                // Locked from the first line to the last: nobody comes between the reading and the writing.
                let mut number = number.lock();
                work(&format!("thread_{i}"), &mut number);
            });
        }
    });
    println!("{}", number.into_inner());
}

fn work(name: &str, number: &mut u32) {
    println!("{name} change before {number}");
    *number += 1;
    println!("{name} change after {number}");
}

/// A child process. Unlike a `Child` alone it is waited for even if nobody comes to join it.
struct Process(Child);

impl Process {
    fn join(mut self) -> anyhow::Result<()> {
        let status = self.0.wait()?;
        ensure!(status.success(), "a child process failed: {status}");
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.wait();
    }
}

/// Runs one scenario in a process of its own.
fn this_program(scenario: &str) -> anyhow::Result<()> {
    let status = Command::new(env::current_exe()?).arg(scenario).status()?;
    ensure!(status.success(), "{scenario} failed: {status}");
    Ok(())
}
