//! Finds the guarantees of a scenario.

use std::collections::{BTreeMap, BTreeSet};

use crate::guarantees::data::{Evidence, Guarantees, Line, Pair};
use crate::run::assertions::assert_success;
use crate::run::program::Program;
use crate::trace::concurrency::Relation;
use crate::trace::spec::TraceSpec;

/// The outputs that a program can have: each a list of lines.
pub type Outputs = BTreeSet<Vec<String>>;

/// Returns what all of `outputs` have in common. `spec` says which actor prints a line, and what varies in it.
///
/// # Panics
/// Panics if `spec` declares no actor for a line.
#[must_use]
pub fn derive(outputs: &Outputs, found: Evidence, spec: &TraceSpec) -> Guarantees {
    let read =
        |line: &String| Printed { label: spec.label(line), actor: spec.actor(line), text: line.clone() };
    let printed: Vec<Vec<Printed>> = outputs.iter().map(|lines| lines.iter().map(read).collect()).collect();
    let printed = number_equal_lines(printed);
    let lines = lines_of(&printed);
    Relations::of(&printed, &lines).guarantees(found, lines)
}

/// Runs `program` `runs` times [under load](Program::run_under_load), asserts that every run keeps the order that `spec`
/// declares, and returns that order: for programs with processes and pipes, which cannot be explored.
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
pub(crate) fn declared(output: &str, runs: usize, spec: &TraceSpec) -> Guarantees {
    let trace = spec.trace(output);
    let count = trace.lines.len();
    let read = trace.lines.into_iter();
    let read = read.map(|line| Printed { label: line.text.clone(), actor: line.actor, text: line.text });
    let numbered = number_equal_lines(vec![read.collect()]);
    let lines = numbered.into_iter().flatten().map(|printed| Line {
        label: printed.label,
        actor: printed.actor,
        present_in: None,
        values: Vec::new(),
    });
    let relations = Relations {
        before: trace.before,
        // One output does not show what can come between two lines.
        neighbours: vec![vec![false; count]; count],
        together: vec![vec![true; count]; count],
        never_missing: vec![true; count],
    };
    relations.guarantees(Evidence::Observed { runs }, lines.collect())
}

/// A line in one output.
struct Printed {
    /// What identifies it in all outputs.
    label: String,
    actor: String,
    text: String,
}

/// Adds a number to each label that an output has already: the same number in every output, and never one that makes it
/// the label of another line.
fn number_equal_lines(mut outputs: Vec<Vec<Printed>>) -> Vec<Vec<Printed>> {
    let taken: BTreeSet<String> = outputs.iter().flatten().map(|line| line.label.clone()).collect();
    for output in &mut outputs {
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        for line in output {
            let Some(number) = numbers.get_mut(&line.label) else {
                numbers.insert(line.label.clone(), 1);
                continue;
            };
            let numbered = loop {
                *number += 1;
                let numbered = format!("{} (time {number})", line.label);
                if !taken.contains(&numbered) {
                    break numbered;
                }
            };
            line.label = numbered;
        }
    }
    outputs
}

/// Returns the lines of all outputs, by first appearance.
fn lines_of(outputs: &[Vec<Printed>]) -> Vec<Line> {
    let mut labels: Vec<&str> = Vec::new();
    let mut printed: BTreeMap<&str, Vec<&Printed>> = BTreeMap::new();
    for line in outputs.iter().flatten() {
        if !printed.contains_key(line.label.as_str()) {
            labels.push(&line.label);
        }
        printed.entry(&line.label).or_default().push(line);
    }
    let line = |label: &str| {
        let printed = &printed[label];
        let actors: BTreeSet<&str> = printed.iter().map(|line| line.actor.as_str()).collect();
        let texts: BTreeSet<&str> = printed.iter().map(|line| line.text.as_str()).collect();
        Line {
            label: label.to_owned(),
            actor: actors.into_iter().collect::<Vec<_>>().join(" or "),
            present_in: Some(printed.len()).filter(|&count| count < outputs.len()),
            values: if texts.len() > 1 { values(label, &texts) } else { Vec::new() },
        }
    };
    labels.into_iter().map(line).collect()
}

/// Returns what the texts of a line have instead of `<any …>`; the whole texts if its label has that twice.
fn values(label: &str, texts: &BTreeSet<&str>) -> Vec<String> {
    let (before, after) = label.split_once('<').unwrap_or((label, ""));
    let after = after.split_once('>').map_or("", |(_, after)| after);
    let value = |text: &&str| text.strip_prefix(before)?.strip_suffix(after).map(str::to_owned);
    let mut values: Vec<String> =
        texts.iter().map(|text| value(text).unwrap_or_else(|| (*text).to_owned())).collect();
    // Numbers by size: 999 before 1000.
    values.sort_by_key(|value| (value.len(), value.clone()));
    values
}

/// What is true of each line and each two lines, by index, in all outputs.
struct Relations {
    /// Some outputs have both, and a comes before b in all of these.
    before: Relation,
    /// Some outputs have both, and b comes right after a in all of these.
    neighbours: Relation,
    /// Some outputs have both.
    together: Relation,
    never_missing: Vec<bool>,
}

impl Relations {
    fn of(outputs: &[Vec<Printed>], lines: &[Line]) -> Self {
        let position =
            |output: &Vec<Printed>, line: &Line| output.iter().position(|other| other.label == line.label);
        let positions: Vec<Vec<Option<usize>>> =
            outputs.iter().map(|output| lines.iter().map(|line| position(output, line)).collect()).collect();
        let both = |a: usize, b: usize| {
            positions.iter().filter_map(move |positions| Some((positions[a]?, positions[b]?)))
        };
        let together = relation(lines.len(), |a, b| both(a, b).next().is_some());
        let before = relation(lines.len(), |a, b| together[a][b] && both(a, b).all(|(a, b)| a < b));
        let neighbours = relation(lines.len(), |a, b| together[a][b] && both(a, b).all(|(a, b)| a + 1 == b));
        let never_missing = lines.iter().map(|line| line.present_in.is_none()).collect();
        Self { before, neighbours, together, never_missing }
    }

    /// Returns the guarantees, without what follows from others.
    fn guarantees(&self, found: Evidence, lines: Vec<Line>) -> Guarantees {
        let pairs = |holds: &dyn Fn(usize, usize) -> bool| -> BTreeSet<Pair> {
            let all = (0..lines.len()).flat_map(|a| (0..lines.len()).map(move |b| (a, b)));
            let label = |index: usize| lines[index].label.clone();
            all.filter(|&(a, b)| a != b && holds(a, b)).map(|(a, b)| (label(a), label(b))).collect()
        };
        Guarantees {
            found,
            before: pairs(&|a, b| self.is_direct(a, b)),
            nothing_between: pairs(&|a, b| self.neighbours[a][b] && !self.must_be_neighbours(a, b)),
            never_both: pairs(&|a, b| a < b && !self.together[a][b]),
            lines,
        }
    }

    fn all(&self) -> std::ops::Range<usize> {
        0..self.never_missing.len()
    }

    /// Returns whether a comes before b, and this does not follow through a line that is never missing.
    fn is_direct(&self, a: usize, b: usize) -> bool {
        let between = |c: usize| self.never_missing[c] && self.before[a][c] && self.before[c][b];
        self.before[a][b] && !self.all().any(between)
    }

    /// Returns whether nothing can come between the two, since every other line comes before or after them, or is never
    /// printed with one of them.
    fn must_be_neighbours(&self, a: usize, b: usize) -> bool {
        let elsewhere = |c: usize| {
            let apart = !self.together[c][a] || !self.together[c][b];
            c == a || c == b || self.before[c][a] || self.before[b][c] || apart
        };
        self.before[a][b] && self.all().all(elsewhere)
    }
}

fn relation(count: usize, holds: impl Fn(usize, usize) -> bool) -> Relation {
    (0..count).map(|a| (0..count).map(|b| a != b && holds(a, b)).collect()).collect()
}
