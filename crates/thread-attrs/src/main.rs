//! What a program can ask of its threads: the process they are in, their names, how many there are.
//!
//! Python: `os.getpid()`, `current_thread().name`, `active_count()`, `is_alive()`.

use std::process::{self, Command};
use std::sync::{Arc, mpsc};
use std::{env, io, thread};

use anyhow::ensure;
use signal_hook::{consts::SIGPIPE, flag};

pub(crate) mod threads;

use threads::{Member, Threads};

fn main() -> anyhow::Result<()> {
    // When nobody reads any more (`| head -1`), end without a word.
    flag::register_conditional_shutdown(SIGPIPE, 0, Arc::new(true.into()))?;
    let args: Vec<_> = env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            one_process(&[Some("silence"), None])?;
            another_process()
        }
        ["task", name] => {
            pid_of(name);
            Ok(())
        }
        _ => {
            eprintln!("thread-attrs: no scenario {:?}; there is one alone, without a name", args.join(" "));
            process::exit(2);
        }
    }
}

/// Starts a thread for each of `names`, then ends one after the other.
pub(crate) fn one_process(names: &[Option<&str>]) -> io::Result<()> {
    let threads = Threads::new();
    pid_of("main");
    print_active_count(&threads);

    let mut started = Vec::new();
    for name in names {
        let (release, gate) = mpsc::channel();
        let (member, handle) = threads.start(*name, move || task(&gate))?;
        started.push((member, handle, release));
        print_active_count(&threads);
    }
    for (member, handle, release) in started {
        print_is_alive(&member);
        drop(release);
        handle.join().expect("the thread panicked");
        print_is_alive(&member);
        print_active_count(&threads);
    }
    Ok(())
}

/// Tells who it is, then lives on until its gate is dropped.
fn task(gate: &mpsc::Receiver<()>) {
    pid_of(thread::current().name().expect("the registry names every thread"));
    let _ = gate.recv();
}

fn another_process() -> anyhow::Result<()> {
    let status = Command::new(env::current_exe()?).args(["task", "child process"]).status()?;
    ensure!(status.success(), "the child process failed: {status}");
    Ok(())
}

fn pid_of(name: &str) {
    println!("{name} 的进程号:>>>{}", process::id());
}

fn print_active_count(threads: &Threads) {
    println!("当前活跃的线程数:>>>{}", threads.active_count());
}

fn print_is_alive(member: &Member) {
    println!("{} is alive:>>>{}", member.name(), member.is_alive());
}
