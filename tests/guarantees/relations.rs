//! What is true of each two lines, and which of it has to be stated.

use std::collections::BTreeSet;

use crate::guarantees::data::{Evidence, Guarantees, Line, Pair};
use crate::trace::concurrency::Relation;

/// What is true of each line and each two lines, by index, in all outputs.
pub(super) struct Relations {
    /// Some outputs have both, and a comes before b in all of these.
    pub(super) before: Relation,
    /// Some outputs have both, and b comes right after a in all of these.
    pub(super) neighbours: Relation,
    /// Some outputs have both.
    pub(super) together: Relation,
    pub(super) never_missing: Vec<bool>,
}

impl Relations {
    /// Returns the guarantees, without what follows from others.
    pub(super) fn guarantees(&self, found: Evidence, lines: Vec<Line>) -> Guarantees {
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
