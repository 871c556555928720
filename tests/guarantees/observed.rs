//! Promises of programs that cannot be explored: those of processes and pipes.

use std::collections::BTreeSet;

use super::derive::declared;
use crate::run::cli_contract::assert_success;
use crate::run::program::Program;
use crate::trace::spec::TraceSpec;

/// Runs `program` so often, [under load](Program::run_under_load), and holds that every run keeps the order that `spec`
/// declares. Says in words what that order is.
///
/// # Panics
/// A test's failure: two runs tidy to different texts, or one fails.
#[must_use]
pub fn observed(program: &Program, spec: &TraceSpec, runs: usize) -> String {
    let outputs = program.run_under_load(runs);
    outputs.iter().for_each(assert_success);
    let texts: BTreeSet<String> = outputs.iter().map(|run| spec.canonical(&run.output)).collect();
    let texts: Vec<String> = texts.into_iter().collect();
    assert_eq!(texts.len(), 1, "the runs do not keep one order:\n{}", texts.join("\n"));
    let how = format!("declared; observed in each of {runs} runs under load, not proven");
    declared(&outputs[0].output, &how, spec)
}
