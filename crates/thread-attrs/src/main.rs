//! What a program can ask about its threads: their process, their names, how many are active.
//!
//! Python: `os.getpid()`, `current_thread().name`, `active_count()`, `is_alive()`.

use std::process::{self, Command, ExitCode};
use std::sync::mpsc;
use std::{env, io, thread};

use scenarios::{Lesson, Process};

pub(crate) mod threads;

use threads::{ThreadInfo, ThreadRegistry};

pub(crate) fn main() -> ExitCode {
    Lesson::new("thread-attrs")
        .only_scenario("two threads of this process, then a child process", || {
            one_process(&[Some("silence"), None])?;
            another_process()
        })
        .child("task", |[name]| print_pid(name))
        .run()
}

/// Starts a thread for each of `names`, then ends them one after the other.
pub(crate) fn one_process(names: &[Option<&str>]) -> io::Result<()> {
    let threads = ThreadRegistry::new();
    print_pid("main");
    print_active_count(&threads);

    let mut started = Vec::new();
    for name in names {
        let (stop_sender, stop_receiver) = mpsc::channel();
        let (thread, handle) = threads.start(*name, move || task(&stop_receiver))?;
        started.push((thread, handle, stop_sender));
        print_active_count(&threads);
    }
    for (thread, handle, stop_sender) in started {
        print_is_alive(&thread);
        drop(stop_sender);
        handle.join().expect("the thread panicked");
        print_is_alive(&thread);
        print_active_count(&threads);
    }
    Ok(())
}

/// Prints its process ID, then waits until the sender of its `stop_receiver` is dropped.
fn task(stop_receiver: &mpsc::Receiver<()>) {
    print_pid(thread::current().name().expect("every thread has a name"));
    let _ = stop_receiver.recv();
}

fn another_process() -> anyhow::Result<()> {
    Process::start(Command::new(env::current_exe()?).args(["task", "child process"]))?.join()
}

fn print_pid(name: &str) {
    println!("{name} 的进程号:>>>{}", process::id());
}

fn print_active_count(threads: &ThreadRegistry) {
    println!("当前活跃的线程数:>>>{}", threads.active_count());
}

fn print_is_alive(thread: &ThreadInfo) {
    println!("{} is alive:>>>{}", thread.name(), thread.is_alive());
}
