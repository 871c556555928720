//! The memory of an idle thread or process: its own, and its share of what it has in common with others (the
//! proportional set size). Only Linux reports it; elsewhere nothing is measured.

use std::io::Read;
use std::process::{Child, Stdio};

use bench_support::{Contender, Ratio, measure_ratios};

use crate::child::{self, proportional_bytes};
use crate::python;

const KIB: f64 = 1024.0;

pub(crate) fn measure() -> Vec<Ratio> {
    let python = |start: &'static str, count: &'static str| {
        move || python::measure(&["memory", start, count]).map(|bytes| bytes / KIB)
    };
    let contenders = vec![
        Contender::new("Rust: idle thread, 1 of 1,000", || idle_thread().map(|bytes| bytes / KIB)),
        Contender::new("Rust: idle process, 1 of 10", || idle_process().map(|bytes| bytes / KIB))
            .relative_to("Rust: idle thread, 1 of 1,000"),
        Contender::new("Python: idle thread, 1 of 1,000", python("thread", "1000"))
            .relative_to("Rust: idle thread, 1 of 1,000"),
        Contender::new("Python: idle process (fork), 1 of 10", python("fork", "10"))
            .relative_to("Python: idle thread, 1 of 1,000"),
        Contender::new("Python: idle process (spawn), 1 of 3", python("spawn", "3"))
            .relative_to("Python: idle thread, 1 of 1,000"),
    ];
    measure_ratios("memory", "KiB", 1, contenders)
}

/// Measures the threads of a new process, which has none besides.
fn idle_thread() -> Option<f64> {
    let output = child::command(child::IDLE_THREADS).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn idle_process() -> Option<f64> {
    const PROCESSES: usize = 10;
    let start = |_| child::command(child::WAIT).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok();
    let mut children: Vec<Child> = (0..PROCESSES).map(start).collect::<Option<_>>()?;
    let bytes: Option<f64> = children
        .iter_mut()
        .map(|child| {
            // A child prints its line when it is idle.
            child.stdout.as_mut()?.read_exact(&mut [0]).ok()?;
            proportional_bytes(&child.id().to_string())
        })
        .sum();
    for mut child in children {
        drop(child.stdin.take());
        let _ = child.wait();
    }
    #[expect(clippy::cast_precision_loss, reason = "ten")]
    bytes.map(|bytes| bytes / PROCESSES as f64)
}
