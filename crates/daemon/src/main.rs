//! A daemon thread does not keep the process alive.
//!
//! Python: `t1.daemon = True` before `t1.start()`; the other thread is waited for, without a `join`.

use std::process::{self, Command};
use std::sync::Arc;
use std::time::Duration;
use std::{env, thread};

use anyhow::ensure;
use signal_hook::{consts::SIGPIPE, flag};

mod threads;

use threads::{Kind, Threads};

fn main() -> anyhow::Result<()> {
    // When nobody reads any more (`| head -1`), end without a word.
    flag::register_conditional_shutdown(SIGPIPE, 0, Arc::new(true.into()))?;
    let args: Vec<_> = env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            this_program("outlived")?;
            this_program("cut-off")?;
        }
        ["outlived"] => outlived(),
        ["cut-off"] => cut_off(),
        _ => {
            eprintln!("daemon: no scenario {:?}; there are outlived and cut-off", args.join(" "));
            process::exit(2);
        }
    }
    Ok(())
}

/// The tutorial's program: the daemon has ended before the thread that is waited for.
pub(crate) fn outlived() {
    let threads = Threads::new();
    threads.start(Kind::Daemon, || foo(1));
    threads.start(Kind::Waited, || func(3));
    println!(" this is main");
}

/// The one that it forgot: func ends first, then the process, with foo at its work.
pub(crate) fn cut_off() {
    let threads = Threads::new();
    threads.start(Kind::Daemon, || foo(30));
    threads.start(Kind::Waited, || func(1));
    println!(" this is main");
}

fn foo(seconds: u64) {
    println!(" this is foo begin");
    thread::sleep(Duration::from_secs(seconds));
    println!(" this is foo end");
}

fn func(seconds: u64) {
    println!(" this is func begin");
    thread::sleep(Duration::from_secs(seconds));
    println!(" this is func end");
}

/// Runs one scenario in a process of its own: it is the end of a process that cuts a daemon off.
fn this_program(scenario: &str) -> anyhow::Result<()> {
    let status = Command::new(env::current_exe()?).arg(scenario).status()?;
    ensure!(status.success(), "{scenario} failed: {status}");
    Ok(())
}
