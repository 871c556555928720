//! A daemon thread does not keep the process alive.
//!
//! Python: `t1.daemon = True` before `t1.start()`. Python waits for the other thread without a `join`.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use scenarios::Lesson;

mod threads;

use threads::{Kind, Threads};

pub(crate) fn main() -> ExitCode {
    Lesson::new("daemon")
        .scenario("outlived", "the daemon ends before the process", outlived)
        .scenario("cut-off", "the process ends while the daemon is running", cut_off)
        .run()
}

/// The tutorial's program: the daemon `foo` ends before `func`, which the process waits for.
fn outlived() {
    let threads = Threads::new();
    threads.start(Kind::Daemon, || foo(1));
    threads.start(Kind::Foreground, || func(3));
    println!(" this is main");
}

/// The case that the tutorial leaves out: `func` ends first, then the process, and with it the daemon `foo`.
fn cut_off() {
    let threads = Threads::new();
    threads.start(Kind::Daemon, || foo(30));
    threads.start(Kind::Foreground, || func(1));
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
