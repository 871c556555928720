//! Promises of programs that cannot be explored: those of processes and pipes.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::manners::assert_success;
use crate::program::Program;
use crate::promises::declared;
use crate::tidy::Tidy;

/// So many runs go on at the same time: enough to keep the cores of any machine busy, and the runs in each other's way.
const AT_ONCE: usize = 8;

/// Runs `program` so often, several at a time, and holds that every run keeps the order that `tidy` declares. Says in
/// words what that order is.
///
/// # Panics
/// A test's failure: two runs tidy to different texts, or one fails.
#[must_use]
pub fn observed(program: &Program, tidy: &Tidy, runs: usize) -> String {
    let outputs = outputs(program, runs);
    let texts: BTreeSet<String> = outputs.iter().map(|output| tidy.text(output)).collect();
    let texts: Vec<String> = texts.into_iter().collect();
    assert_eq!(texts.len(), 1, "the runs do not keep one order:\n{}", texts.join("\n"));
    let how = format!("declared; observed in each of {runs} runs under load, not proven");
    declared(&outputs[0], &how, tidy)
}

/// What so many runs printed.
fn outputs(program: &Program, runs: usize) -> Vec<String> {
    let started = AtomicUsize::new(0);
    let worker = || {
        let mut outputs = Vec::new();
        while started.fetch_add(1, Ordering::Relaxed) < runs {
            let run = program.run();
            assert_success(&run);
            outputs.push(run.output);
        }
        outputs
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE.min(runs)).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("every run is as it should be")).collect()
    })
}
