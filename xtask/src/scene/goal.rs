//! What a player can try to reach.

use serde::{Deserialize, Serialize};

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndKind {
    /// The program succeeds.
    Exit,
    /// No actor can take another step.
    Deadlock,
    /// A thread panics.
    Panic,
    /// The exit status is not 0, or a child process is not waited for.
    Failed,
}

/// An outcome that a player can try to reach.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Goal {
    /// What it is called: "print 1003".
    pub name: String,
    /// Lines that are printed, in this order; others too, unless `exact`.
    pub lines: Vec<String>,
    /// Lines that are not printed.
    pub lacks: Vec<String>,
    /// Whether no other lines are printed.
    pub exact: bool,
    /// How the run ends; `None`: in any way.
    pub ends: Option<EndKind>,
}

impl Goal {
    /// Returns whether a run that prints these lines and ends so reaches the goal.
    #[must_use]
    pub fn is_reached(&self, printed: &[String], end: EndKind) -> bool {
        let mut rest = printed.iter();
        let has_lines = if self.exact {
            *printed == self.lines
        } else {
            self.lines.iter().all(|line| rest.any(|other| other == line))
        };
        has_lines
            && !printed.iter().any(|line| self.lacks.contains(line))
            && self.ends.is_none_or(|kind| kind == end)
    }
}
