//! Who is measured.

use crate::machine::Machine;

/// A spider that brings the twenty images of a gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contender {
    /// This crate's, by this strategy.
    Ours(&'static str),
    /// The Python original, with this manner of downloading.
    Original(&'static str),
}

impl Contender {
    /// In the order in which they are reported.
    pub(crate) const ALL: [Self; 7] = [
        Self::Ours("sequential"),
        Self::Ours("process"),
        Self::Ours("thread"),
        Self::Ours("pool"),
        Self::Ours("overlap"),
        Self::Original("processes"),
        Self::Original("threads"),
    ];

    /// What it is called in the report.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Ours(strategy) => strategy.to_owned(),
            Self::Original("processes") => "Python, processes (fork)".to_owned(),
            Self::Original(manner) => format!("Python, {manner}"),
        }
    }

    /// Which of ours does the same in Rust, if it is not ours itself.
    pub(crate) fn counterpart(self) -> Option<Self> {
        match self {
            Self::Ours(_) => None,
            Self::Original("processes") => Some(Self::Ours("process")),
            Self::Original(_) => Some(Self::Ours("thread")),
        }
    }

    /// Why it cannot be measured, if so.
    pub(crate) fn missing(self, machine: &Machine) -> Option<String> {
        match self {
            Self::Ours(_) => None,
            Self::Original(_) => machine.python.as_ref().err().cloned(),
        }
    }
}
