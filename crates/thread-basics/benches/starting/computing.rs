//! How much faster two are than one where there is only computing.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

use bench_support::ratio::{Ratio, median};

use crate::python;

const MILLISECONDS: f64 = 1e3;

/// Steps of a task, some hundred milliseconds.
const STEPS: u64 = 60_000_000;

pub(crate) fn measure(quick: bool) -> Vec<Ratio> {
    let rounds = if quick { 2 } else { 7 };
    let mut figures: [Vec<f64>; 5] = Default::default();
    let [alone, together, python_alone, python_threads, python_processes] = &mut figures;
    for _ in 0..rounds {
        alone.push(milliseconds(|| (0..2).for_each(|_| compute())));
        together.push(milliseconds(|| {
            thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(compute))));
        }));
        for (kind, figures) in [
            ("alone", &mut *python_alone),
            ("thread", &mut *python_threads),
            ("fork", &mut *python_processes),
        ] {
            figures.extend(python::figure(&["cpu", kind]).map(|seconds| seconds * MILLISECONDS));
        }
    }
    let [alone, together, python_alone, python_threads, python_processes] = figures;
    let faster = |what: &str, figures: Vec<f64>, base: f64, beside: &str| {
        let figure = median(figures);
        Ratio::absolute("cpu", what, figure, "ms").relative_to(beside, base / figure)
    };
    let base = median(alone);
    let mut ratios = vec![
        Ratio::absolute("cpu", "Rust: two tasks one after the other", base, "ms"),
        faster("Rust: two threads, speed", together, base, "one after the other"),
    ];
    if !python_alone.is_empty() {
        let base = median(python_alone);
        ratios.push(Ratio::absolute("cpu", "Python: two tasks one after the other", base, "ms"));
        ratios.push(faster("Python: two threads, speed", python_threads, base, "one after the other"));
        ratios.push(faster("Python: two processes, speed", python_processes, base, "one after the other"));
    }
    ratios
}

fn milliseconds(work: impl Fn()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64() * MILLISECONDS
}

fn compute() {
    let mut number = 1_u64;
    for _ in 0..STEPS {
        number = black_box(number.wrapping_mul(5).wrapping_add(1) % 1_000_003);
    }
    black_box(number);
}
