//! How much memory one takes that waits: its own, and its share of what it has together with others (PSS). Linux tells;
//! elsewhere nothing is measured.

use std::fs;
use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;
use std::{env, thread};

use bench_support::ratio::Ratio;

use crate::{CHILD, python};

const THREADS: usize = 1_000;
const PROCESSES: usize = 10;
const KIB: f64 = 1024.0;

pub(crate) fn measure() -> Vec<Ratio> {
    let of = |what: &str, bytes: f64| Ratio::absolute("memory", what, bytes / KIB, "KiB");
    let (Some(thread), Some(process)) = (of_a_thread(), of_a_process()) else { return Vec::new() };
    let mut ratios = vec![
        of("Rust: a thread that waits, of 1,000", thread),
        of("Rust: a process that waits, of 10", process).relative_to("a thread of Rust", process / thread),
    ];
    let python_thread = python::figure(&["memory", "thread", "1000"]);
    ratios.extend(python_thread.map(|bytes| {
        of("Python: a thread that waits, of 1,000", bytes).relative_to("a thread of Rust", bytes / thread)
    }));
    for (what, kind, count) in [("forked", "fork", "10"), ("spawned", "spawn", "3")] {
        let bytes = python::figure(&["memory", kind, count]);
        ratios.extend(bytes.zip(python_thread).map(|(bytes, thread)| {
            of(&format!("Python: a process that waits, {what}, of {count}"), bytes)
                .relative_to("a thread of Python", bytes / thread)
        }));
    }
    ratios
}

/// Those of a fresh process, which has nothing else.
fn of_a_thread() -> Option<f64> {
    let output = this_program("threads").stdin(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn of_a_process() -> Option<f64> {
    let start = |_| this_program("waits").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok();
    let mut children: Vec<Child> = (0..PROCESSES).map(start).collect::<Option<_>>()?;
    let bytes: Option<f64> = children
        .iter_mut()
        .map(|child| {
            // Its line says that it has come to the point where it waits.
            child.stdout.as_mut()?.read_exact(&mut [0]).ok()?;
            share_of_memory(&child.id().to_string())
        })
        .sum();
    for mut child in children {
        drop(child.stdin.take());
        let _ = child.wait();
    }
    #[expect(clippy::cast_precision_loss, reason = "ten")]
    bytes.map(|bytes| bytes / PROCESSES as f64)
}

fn this_program(what: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("the system tells"));
    command.args([CHILD, what]);
    command
}

/// What this program does when it has started itself.
pub(crate) fn child(what: &str) {
    match what {
        "threads" => {
            if let Some(bytes) = a_thousand_threads() {
                println!("{bytes}");
            }
        }
        "waits" => {
            println!();
            let _ = io::stdin().read(&mut [0]);
        }
        _ => {}
    }
}

fn a_thousand_threads() -> Option<f64> {
    let before = share_of_memory("self")?;
    let [started, end] = [(); 2].map(|()| Barrier::new(THREADS + 1));
    let after = thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                started.wait();
                end.wait();
            });
        }
        started.wait();
        let after = share_of_memory("self");
        end.wait();
        after
    })?;
    #[expect(clippy::cast_precision_loss, reason = "a thousand")]
    Some((after - before) / THREADS as f64)
}

/// In bytes: `/proc/PID/smaps_rollup`, see proc(5).
fn share_of_memory(pid: &str) -> Option<f64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib * KIB)
}
