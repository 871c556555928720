//! One line of a run, and whether the order of two lines matters.

use std::collections::BTreeSet;

/// One line of a run.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// The text as it was printed.
    pub(crate) text: String,
    /// The actor that printed it.
    pub(crate) actor: String,
    /// Whether the actor stands for several that the specification does not tell apart.
    pub(crate) unordered: bool,
    /// The index of its rule. Where the canonical order leaves a choice, the lowest goes first.
    pub(crate) rank: usize,
    /// What it depends on.
    pub(crate) depends: Dependencies,
}

/// What a line depends on.
#[derive(Debug, Clone)]
pub(crate) enum Dependencies {
    /// On its own actor, and on the other actors and shared things that it names.
    Names(BTreeSet<String>),
    /// On every line.
    All,
}

impl Line {
    /// Returns whether swapping these two lines, where they are neighbours, gives another trace.
    pub(crate) fn depends_on(&self, other: &Self) -> bool {
        match (&self.depends, &other.depends) {
            (Dependencies::Names(ours), Dependencies::Names(theirs)) => !ours.is_disjoint(theirs),
            _ => true,
        }
    }
}
