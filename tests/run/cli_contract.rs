//! What every lesson's program does, whatever it teaches.

use std::panic;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use crate::run::program::{Program, Run};
use crate::trace::spec::TraceSpec;

/// Holds that the run printed exactly the lines of `listing`, each as often as it stands there, in whatever order.
///
/// # Panics
/// A test's failure: a line is missing, or one is too many.
pub fn assert_prints_lines_of(listing: &str, run: &Run) {
    let sorted = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    assert_eq!(sorted(listing), sorted(&run.output), "the listing (left) and what was printed (right)");
}

/// Holds that the run ended with exit status 0.
///
/// # Panics
/// A test's failure, with what was printed.
pub fn assert_success(run: &Run) {
    assert!(run.status.success(), "{}; it printed:\n{}", run.status, run.output);
}

/// Holds that the program, given no argument, does what it does for each of its scenarios, one after the other.
/// Beside each scenario stands how it is tidied.
///
/// # Panics
/// A test's failure.
pub fn assert_runs_all_in_order(program: &Program, scenarios: &[(&str, &TraceSpec)]) {
    // All at the same time: most of what a lesson does is sleep.
    let (together, alone) = thread::scope(|scope| {
        let together = scope.spawn(|| program.run());
        let alone: Vec<_> = scenarios
            .iter()
            .map(|(scenario, _)| scope.spawn(move || program.clone().arg(scenario).run()))
            .collect();
        let ended = |run: ScopedJoinHandle<'_, Run>| run.join().expect("the program ran to its end");
        (ended(together), alone.into_iter().map(ended).collect::<Vec<_>>())
    });
    assert_success(&together);
    let printed = without_headings(&together.output);
    let mut rest = printed.as_str();
    for ((scenario, spec), alone) in scenarios.iter().zip(alone) {
        assert_success(&alone);
        let (own, after) = rest.split_at(end_of_line(rest, alone.lines().count()));
        assert_eq!(
            spec.canonical(&alone.output),
            spec.canonical(own),
            "{program} {scenario}: alone, and among all"
        );
        rest = after;
    }
    assert_eq!(rest, "", "{program} printed more than its scenarios do");
}

/// Returns `output` without the heading above each scenario, `== name: about`, which a lesson prints to standard error.
fn without_headings(output: &str) -> String {
    output.split_inclusive('\n').filter(|line| !line.starts_with("== ")).collect()
}

/// Where the first `count` lines of `text` end.
fn end_of_line(text: &str, count: usize) -> usize {
    text.split_inclusive('\n').take(count).map(str::len).sum()
}

/// Holds that a scenario which does not exist is one line on standard error that names those which do, and exit
/// status 2.
///
/// # Panics
/// A test's failure.
pub fn assert_rejects_unknown_scenarios(program: &Program, scenarios: &[&str]) {
    for wrong in [&["nonsense"][..], &[scenarios[0], "more"], &[""]] {
        // Standard error alone: what it prints elsewhere does not count.
        let run = program.clone().args(wrong).without_reader().run();
        assert_eq!(run.status.code(), Some(2), "{program} {wrong:?} printed:\n{}", run.output);
        assert_eq!(run.lines().count(), 1, "{program} {wrong:?} printed:\n{}", run.output);
        for part in scenarios.iter().chain(wrong) {
            assert!(run.output.contains(part), "{program} {wrong:?} does not name {part:?}: {}", run.output);
        }
    }
}

/// Holds that the program ends without a word, and successfully, when nobody reads what it prints.
///
/// # Panics
/// A test's failure.
pub fn assert_ends_quietly_when_stdout_is_closed(program: &Program) {
    let run = program.clone().without_reader().run();
    assert_eq!(without_headings(&run.output), "", "{program} complained on standard error");
    assert_eq!(run.status.code(), Some(0), "{program}");
}

/// Does `work` in a thread of its own, and fails if that has not ended after a minute: what a deadlock looks like.
///
/// # Panics
/// A test's failure; or as `work` does.
pub fn assert_finishes(work: impl FnOnce() + Send + 'static) {
    let (ended, wait) = mpsc::channel::<()>();
    let worker = thread::spawn(move || {
        // Dropped at the end of the work, by a panic too.
        let _ended = ended;
        work();
    });
    let end = wait.recv_timeout(Duration::from_secs(60));
    assert_eq!(
        end,
        Err(RecvTimeoutError::Disconnected),
        "it has not ended after a minute: somebody waits for ever"
    );
    if let Err(panic) = worker.join() {
        panic::resume_unwind(panic);
    }
}
