//! What the command line of every lesson does.

use std::panic;
use std::thread::{self, ScopedJoinHandle};

use crate::run::assertions::assert_success;
use crate::run::program::{Program, Run};
use crate::trace::scenarios::Scenarios;

/// Asserts that the program, without an argument, runs all its scenarios one after the other.
pub fn assert_runs_all_in_order(program: &Program, scenarios: &Scenarios) {
    // All at the same time: lessons mostly sleep.
    let (together, alone) = thread::scope(|scope| {
        let together = scope.spawn(|| program.run());
        let alone: Vec<_> = scenarios
            .iter()
            .map(|scenario| scope.spawn(move || program.clone().args(scenario.args()).run()))
            .collect();
        let ended =
            |run: ScopedJoinHandle<'_, Run>| run.join().unwrap_or_else(|panic| panic::resume_unwind(panic));
        (ended(together), alone.into_iter().map(ended).collect::<Vec<_>>())
    });
    assert_success(&together);
    let printed = without_headings(&together.output);
    let mut rest = printed.as_str();
    for (scenario, alone) in scenarios.iter().zip(alone) {
        assert_success(&alone);
        let (own, after) = rest.split_at(end_of_line(rest, alone.lines().count()));
        let canonical = |output: &str| scenario.spec().canonical(output);
        let name = scenario.name();
        assert_eq!(canonical(&alone.output), canonical(own), "{program} {name}: alone, and among all");
        rest = after;
    }
    assert_eq!(rest, "", "{program} printed more than its scenarios do");
}

/// Returns `output` without the heading above each scenario, `== name: about`, which a lesson prints to standard error.
fn without_headings(output: &str) -> String {
    output.split_inclusive('\n').filter(|line| !line.starts_with("== ")).collect()
}

/// Returns where the first `count` lines of `text` end.
fn end_of_line(text: &str, count: usize) -> usize {
    text.split_inclusive('\n').take(count).map(str::len).sum()
}

/// Asserts that the program rejects an unknown scenario with exit status 2 and one line on standard error that contains
/// all of `parts`: the names of its scenarios, or the error of a program that has only one.
pub fn assert_rejects_unknown_scenarios(program: &Program, parts: &[&str]) {
    for args in [&["nonsense"][..], &[parts[0], "more"], &[""]] {
        let run = program.clone().args(args).without_reader().run();
        assert_eq!(run.status.code(), Some(2), "{program} {args:?} printed:\n{}", run.output);
        assert_eq!(run.lines().count(), 1, "{program} {args:?} printed:\n{}", run.output);
        for part in parts.iter().chain(args) {
            assert!(run.output.contains(part), "{program} {args:?} does not name {part:?}: {}", run.output);
        }
    }
}

/// Asserts that the program succeeds, and prints nothing to standard error, if its standard output is closed.
pub fn assert_ends_quietly_when_stdout_is_closed(program: &Program) {
    let run = program.clone().without_reader().run();
    assert_eq!(without_headings(&run.output), "", "{program} printed this to standard error");
    assert_eq!(run.status.code(), Some(0), "{program}");
}
