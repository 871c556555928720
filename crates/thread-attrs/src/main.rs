//! What a program can ask about its threads: their process, their names, how many are active.
//!
//! Python: `os.getpid()`, `current_thread().name`, `active_count()`, `is_alive()`.

use std::process::{self, Command, ExitCode};
use std::sync::mpsc;
use std::{env, io, thread};

use scenarios::{Lesson, Process};

pub(crate) mod threads;

use threads::{ThreadInfo, Threads};

fn main() -> ExitCode {
    Lesson::new("thread-attrs")
        .scenario("", "two threads of this process, then a child process", || {
            one_process(&[Some("silence"), None])?;
            another_process()
        })
        .child("task", |[name]| pid_of(name))
        .run()
}

/// Starts a thread for each of `names`, then ends them one after the other.
pub(crate) fn one_process(names: &[Option<&str>]) -> io::Result<()> {
    let threads = Threads::new();
    pid_of("main");
    print_active_count(&threads);

    let mut started = Vec::new();
    for name in names {
        let (release, gate) = mpsc::channel();
        let (thread, handle) = threads.start(*name, move || task(&gate))?;
        started.push((thread, handle, release));
        print_active_count(&threads);
    }
    for (thread, handle, release) in started {
        print_is_alive(&thread);
        drop(release);
        handle.join().expect("the thread panicked");
        print_is_alive(&thread);
        print_active_count(&threads);
    }
    Ok(())
}

/// Prints its process ID, then lives until the sender of its `gate` is dropped.
fn task(gate: &mpsc::Receiver<()>) {
    pid_of(thread::current().name().expect("every thread has a name"));
    let _ = gate.recv();
}

fn another_process() -> anyhow::Result<()> {
    let process = Command::new(env::current_exe()?).args(["task", "child process"]).spawn()?;
    Process::from(process).join()
}

fn pid_of(name: &str) {
    println!("{name} 的进程号:>>>{}", process::id());
}

fn print_active_count(threads: &Threads) {
    println!("当前活跃的线程数:>>>{}", threads.active_count());
}

fn print_is_alive(thread: &ThreadInfo) {
    println!("{} is alive:>>>{}", thread.name(), thread.is_alive());
}
