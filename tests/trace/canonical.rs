//! A run in its canonical order.

use std::fmt::Write as _;

use crate::trace::concurrency::{Relation, describe_concurrency, happens_before};
use crate::trace::line::Line;
use crate::trace::redaction::Redaction;

/// The lines of a run in canonical order, redacted, and which of them happen before which.
#[derive(Debug)]
pub(crate) struct Trace {
    pub(crate) lines: Vec<Line>,
    pub(crate) before: Relation,
}

impl Trace {
    /// Brings lines, given in the order in which they were printed, into the canonical order.
    pub(crate) fn new(printed: &[Line], redactions: &[Redaction]) -> Self {
        let before = happens_before(printed);
        let order = canonical_order(printed, &before, redactions);
        let mut lines: Vec<Line> = order.iter().map(|&index| printed[index].clone()).collect();
        for redaction in redactions {
            redaction.redact(lines.iter_mut().flat_map(|line| [&mut line.actor, &mut line.text]));
        }
        let row = |&a: &usize| order.iter().map(|&b| before[a][b]).collect();
        Self { lines, before: order.iter().map(row).collect() }
    }

    /// Returns one line of text for each line of the run: its actor and what it printed.
    pub(crate) fn body(&self) -> String {
        let width = self.lines.iter().map(|line| line.actor.chars().count()).max().unwrap_or(0);
        self.lines.iter().fold(String::new(), |mut body, line| {
            let _ = writeln!(body, "{:width$} | {}", line.actor, line.text);
            body
        })
    }

    /// Describes which actors are concurrent.
    pub(crate) fn concurrency(&self) -> String {
        describe_concurrency(&self.lines, &self.before)
    }
}

/// Returns the indices of the lines in the one order that keeps `before` and lets each actor run for as long as it can.
fn canonical_order(lines: &[Line], before: &Relation, redactions: &[Redaction]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..lines.len()).collect();
    let mut order: Vec<usize> = Vec::with_capacity(lines.len());
    while !left.is_empty() {
        let is_ready = |&index: &usize| left.iter().all(|&earlier| !before[earlier][index]);
        let ready: Vec<usize> = left.iter().copied().filter(is_ready).collect();
        let continues = |&index: &usize| {
            order
                .last()
                .is_some_and(|&last| !lines[last].unordered && lines[last].actor == lines[index].actor)
        };
        let next = ready.iter().copied().find(continues);
        let next =
            next.or_else(|| ready.into_iter().min_by_key(|&index| preference(lines, index, redactions)));
        let next = next.expect("the first line that is left is always ready");
        left.retain(|&index| index != next);
        order.push(next);
    }
    order
}

/// Decides which line goes first where there is a choice. What is redacted decides only if nothing else does.
fn preference(lines: &[Line], index: usize, redactions: &[Redaction]) -> impl Ord + use<> {
    let line = &lines[index];
    let by_the_same_actor = || lines.iter().filter(|other| other.actor == line.actor);
    let rank = by_the_same_actor().map(|other| other.rank).min();
    let mask = |text: &str| redactions.iter().fold(text.to_owned(), |text, redaction| redaction.mask(&text));
    // All that the actor prints: two actors that only an identity tells apart now may differ later.
    let texts: Vec<String> = by_the_same_actor().map(|other| mask(&other.text)).collect();
    (rank, mask(&line.actor), mask(&line.text), texts, line.actor.clone(), line.text.clone())
}
