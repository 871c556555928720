//! What a program can ask of its threads: the process they are in, their names, how many there are.
//!
//! Python: `os.getpid()`, `current_thread().name`, `active_count()`, `is_alive()`.

use std::process::{self, Command};
use std::sync::{Arc, mpsc};
use std::{env, io, thread};

use anyhow::ensure;
use signal_hook::{consts::SIGPIPE, flag};

mod threads;

use threads::Threads;

fn main() -> anyhow::Result<()> {
    // When nobody reads any more (`| head -1`), end without a word.
    flag::register_conditional_shutdown(SIGPIPE, 0, Arc::new(true.into()))?;
    let args: Vec<_> = env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            one_process()?;
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

pub(crate) fn one_process() -> io::Result<()> {
    let threads = Threads::new();
    pid_of("main");
    println!("当前活跃的线程数:>>>{}", threads.active_count());

    let (release_silence, gate) = mpsc::channel();
    let (silence, silence_thread) = threads.start(Some("silence"), move || task(&gate))?;
    println!("当前活跃的线程数:>>>{}", threads.active_count());

    let (release_unnamed, gate) = mpsc::channel();
    let (_, unnamed_thread) = threads.start(None, move || task(&gate))?;
    println!("当前活跃的线程数:>>>{}", threads.active_count());

    println!("{} is alive:>>>{}", silence.name(), silence.is_alive());
    drop(release_silence);
    silence_thread.join().expect("the thread panicked");
    println!("{} is alive:>>>{}", silence.name(), silence.is_alive());
    println!("当前活跃的线程数:>>>{}", threads.active_count());

    drop(release_unnamed);
    unnamed_thread.join().expect("the thread panicked");
    println!("当前活跃的线程数:>>>{}", threads.active_count());
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
