//! How long it takes to start one that does nothing, and to wait for it.

use std::env;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use bench_support::ratio::{Ratio, median};

use crate::{CHILD, python};

const MICROSECONDS: f64 = 1e6;

/// So many are started one after the other in a round.
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

#[derive(Default)]
struct Rounds {
    spawned: Vec<f64>,
    scoped: Vec<f64>,
    processes: Vec<f64>,
    python: [Vec<f64>; 3],
}

pub(crate) fn measure(quick: bool) -> Vec<Ratio> {
    let (rounds, counts) = if quick { (2, QUICK) } else { (9, FULL) };
    let mut all = Rounds::default();
    for _ in 0..rounds {
        all.spawned.push(each(counts.threads, || thread::spawn(|| ()).join().expect("it does nothing")));
        all.scoped.push(each(counts.threads, || thread::scope(|scope| drop(scope.spawn(|| ())))));
        all.processes.push(each(counts.processes, start_this_program));
        let python = [("thread", counts.python_threads), ("fork", counts.forks), ("spawn", counts.spawns)];
        for ((kind, count), figures) in python.into_iter().zip(&mut all.python) {
            figures.extend(python::figure(&["start", kind, count]).map(|seconds| seconds * MICROSECONDS));
        }
    }
    ratios(all)
}

/// How many microseconds it takes to do this, on average.
fn each(count: u32, work: impl Fn()) -> f64 {
    let begun = Instant::now();
    (0..count).for_each(|_| work());
    begun.elapsed().as_secs_f64() * MICROSECONDS / f64::from(count)
}

fn start_this_program() {
    let program = env::current_exe().expect("the system tells");
    let status = Command::new(program).args([CHILD, "nothing"]).stdin(Stdio::null()).status();
    assert!(status.expect("it can be started").success());
}

fn ratios(all: Rounds) -> Vec<Ratio> {
    let of = |what: &str, figure: f64| Ratio::absolute("start", what, figure, "µs");
    let thread = median(all.spawned);
    let mut ratios = vec![of("Rust: a thread", thread)];
    for (what, figures) in
        [("Rust: a scoped thread", all.scoped), ("Rust: a process, this program again", all.processes)]
    {
        let figure = median(figures);
        ratios.push(of(what, figure).relative_to("a thread of Rust", figure / thread));
    }
    let mut python_thread = None;
    let kinds = ["Python: a thread", "Python: a process, forked", "Python: a process, spawned"];
    for (what, figures) in kinds.into_iter().zip(all.python).filter(|(_, figures)| !figures.is_empty()) {
        let figure = median(figures);
        let (beside, base) =
            python_thread.map_or(("a thread of Rust", thread), |base| ("a thread of Python", base));
        ratios.push(of(what, figure).relative_to(beside, figure / base));
        python_thread = python_thread.or(Some(figure));
    }
    ratios
}
