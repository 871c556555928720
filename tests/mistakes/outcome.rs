//! The result of one run.

use std::collections::BTreeSet;
use std::fmt;

/// All outcomes that a program can have.
pub type Outcomes = BTreeSet<Outcome>;

/// The result of one run of a program: a real one, or one under a scheduler.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outcome {
    /// The lines that it printed.
    pub lines: Vec<String>,
    /// Whether it ended; otherwise its threads wait forever.
    pub ended: bool,
}

impl Outcome {
    /// Returns whether this outcome of a real run is `possible`, an outcome under a scheduler. The last line of a real
    /// run may be cut: once main has returned, std does not buffer, and a thread that is printing writes its line in
    /// pieces until the process has ended.
    pub(crate) fn matches(&self, possible: &Self) -> bool {
        let matches = |(index, (line, whole)): (usize, (&String, &String))| {
            line == whole || index + 1 == self.lines.len() && whole.starts_with(line.as_str())
        };
        self.ended == possible.ended
            && self.lines.len() == possible.lines.len()
            && self.lines.iter().zip(&possible.lines).enumerate().all(matches)
    }
}

/// All lines in one, with slashes between them.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.ended { "" } else { "(waits forever)" };
        let parts = self.lines.iter().map(String::as_str).chain([end]).filter(|part| !part.is_empty());
        f.write_str(&parts.collect::<Vec<_>>().join(" / "))
    }
}

/// Returns each outcome as text, for comparison with a list in a test.
#[must_use]
pub fn summaries(outcomes: &Outcomes) -> Vec<String> {
    outcomes.iter().map(Outcome::to_string).collect()
}
