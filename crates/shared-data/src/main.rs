//! Five processes each have their own copy of a number; five threads share one.
//!
//! Python: `global number; number += 1` in five processes, then in five threads.

use std::process::{Command, ExitCode};
use std::{env, thread};

use parking_lot::Mutex;
use scenarios::{Lesson, Process};

pub(crate) mod word_processor;

const NUMBER: u32 = 999;

pub(crate) fn main() -> ExitCode {
    Lesson::new("shared-data")
        .scenario("process", "five processes, each with its own number", process_main)
        .scenario("thread", "five threads that share a number", || thread_main(5))
        .scenario("word-processor", "three threads that share a document", word_processor::edit_sample)
        .scenario_on_file(
            "word-processor --type",
            "the same, for the text that you type (default file: word-processor.txt)",
            "word-processor.txt",
            word_processor::edit_stdin,
        )
        .child("work", |[name]| {
            let mut number = NUMBER;
            work(name, &mut number);
        })
        .run()
}

fn process_main() -> anyhow::Result<()> {
    let number = NUMBER;
    let mut processes = Vec::new();
    for i in 0..5 {
        let mut command = Command::new(env::current_exe()?);
        // Waited for when it is dropped, so that an error here leaves no process behind.
        processes.push(Process::start(command.args(["work", &format!("process_{i}")]))?);
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
                // Locked for both lines: no other thread comes in between.
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
