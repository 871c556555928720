//! The time to create a thread or a process that does nothing, and to wait for it.

use std::thread;
use std::time::Instant;

use bench_support::{BenchArgs, Contender, Ratio, measure_ratios};

use crate::{child, python};

const MICROSECONDS: f64 = 1e6;

/// How many are started one after the other in a round.
struct Counts {
    threads: u32,
    processes: u32,
    python_threads: &'static str,
    forks: &'static str,
    spawns: &'static str,
}

const FULL: Counts =
    Counts { threads: 2_000, processes: 100, python_threads: "1000", forks: "40", spawns: "2" };
const QUICK: Counts = Counts { threads: 300, processes: 20, python_threads: "200", forks: "10", spawns: "1" };

pub(crate) fn measure(args: &BenchArgs) -> Vec<Ratio> {
    let counts = if args.quick { QUICK } else { FULL };
    let python = |start: &'static str, count: &'static str| {
        move || python::measure(&["start", start, count]).map(|seconds| seconds * MICROSECONDS)
    };
    let contenders = vec![
        Contender::new("Rust: thread", || Some(mean_time(counts.threads, thread))),
        Contender::new("Rust: scoped thread", || Some(mean_time(counts.threads, scoped_thread)))
            .relative_to("Rust: thread"),
        Contender::new("Rust: process (this program)", || Some(mean_time(counts.processes, process)))
            .relative_to("Rust: thread"),
        Contender::new("Python: thread", python("thread", counts.python_threads)).relative_to("Rust: thread"),
        Contender::new("Python: process (fork)", python("fork", counts.forks)).relative_to("Python: thread"),
        Contender::new("Python: process (spawn)", python("spawn", counts.spawns))
            .relative_to("Python: thread"),
    ];
    measure_ratios("start", "µs", args.rounds(9, 2), contenders)
}

/// Returns the mean time of `work` in microseconds.
fn mean_time(count: u32, work: impl Fn()) -> f64 {
    let start = Instant::now();
    (0..count).for_each(|_| work());
    start.elapsed().as_secs_f64() * MICROSECONDS / f64::from(count)
}

fn thread() {
    thread::spawn(|| ()).join().expect("an empty thread does not panic");
}

fn scoped_thread() {
    thread::scope(|scope| drop(scope.spawn(|| ())));
}

fn process() {
    let status = child::command(child::EXIT).status();
    assert!(status.expect("this program can be started again").success());
}
