//! The speed-up of two threads or processes for tasks that only compute.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

use bench_support::{BenchArgs, Contender, Ratio, measure_ratios};

use crate::python;

/// The steps of a task: some hundred milliseconds.
const STEPS: u64 = 60_000_000;

/// In each contender, two tasks are done.
const TASKS: f64 = 2.0;

pub(crate) fn measure(args: &BenchArgs) -> Vec<Ratio> {
    let python =
        |start: &'static str| move || python::measure(&["cpu", start]).map(|seconds| TASKS / seconds);
    let contenders = vec![
        Contender::new("Rust: one task after the other", || Some(rate(one_after_the_other))),
        Contender::new("Rust: two threads", || Some(rate(two_threads)))
            .relative_to("Rust: one task after the other"),
        Contender::new("Python: one task after the other", python("sequential")),
        Contender::new("Python: two threads", python("thread"))
            .relative_to("Python: one task after the other"),
        Contender::new("Python: two processes", python("fork"))
            .relative_to("Python: one task after the other"),
    ];
    measure_ratios("cpu", "tasks a second", args.rounds(7, 2), contenders)
}

/// Returns how many tasks a second are done.
fn rate(two_tasks: impl Fn()) -> f64 {
    let start = Instant::now();
    two_tasks();
    TASKS / start.elapsed().as_secs_f64()
}

fn one_after_the_other() {
    compute();
    compute();
}

fn two_threads() {
    thread::scope(|scope| {
        scope.spawn(compute);
        scope.spawn(compute);
    });
}

fn compute() {
    let mut number = 1_u64;
    for _ in 0..STEPS {
        number = black_box(number.wrapping_mul(5).wrapping_add(1) % 1_000_003);
    }
    black_box(number);
}
