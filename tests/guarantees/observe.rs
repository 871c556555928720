//! The guarantees of a program that is not explored: a declaration that real runs keep.

use std::collections::BTreeSet;

use crate::guarantees::data::{Evidence, Guarantees, Line, Presence};
use crate::guarantees::labels::number_equal;
use crate::guarantees::relations::Relations;
use crate::run::assertions::assert_success;
use crate::run::program::Program;
use crate::trace::spec::TraceSpec;

/// Runs `program` `runs` times [under load](Program::run_under_load), asserts that every run keeps the order that `spec`
/// declares, and returns that order.
#[must_use]
pub fn observe(program: &Program, spec: &TraceSpec, runs: usize) -> Guarantees {
    let outputs = program.run_under_load(runs);
    outputs.iter().for_each(assert_success);
    let forms: BTreeSet<String> = outputs.iter().map(|run| spec.canonical(&run.output)).collect();
    let forms: Vec<String> = forms.into_iter().collect();
    assert_eq!(forms.len(), 1, "the runs have different canonical forms:\n{}", forms.join("\n"));
    declared(&outputs[0].output, runs, spec)
}

/// Returns the order that `spec` declares for the lines of an output.
pub(super) fn declared(output: &str, runs: usize, spec: &TraceSpec) -> Guarantees {
    let trace = spec.trace(output);
    let count = trace.lines.len();
    let (labels, actors): (Vec<String>, Vec<String>) =
        trace.lines.into_iter().map(|line| (line.text, line.actor)).unzip();
    let line = |(label, actor)| Line { label, actor, present_in: Presence::AllOutputs, values: Vec::new() };
    let lines = number_equal(&labels).into_iter().zip(actors).map(line).collect();
    let relations = Relations {
        before: trace.before,
        // One output does not show what can come between two lines.
        neighbours: vec![vec![false; count]; count],
        together: vec![vec![true; count]; count],
        never_missing: vec![true; count],
    };
    relations.guarantees(Evidence::Observed { runs }, lines)
}
