//! The spiders that are measured.

use bench_support::Machine;

/// A spider that downloads the twenty images of a gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contender {
    /// This crate's, with this strategy.
    Ours(&'static str),
    /// The Python original, with `processes` or `threads`.
    Original(&'static str),
}

impl Contender {
    /// All contenders, in the order of the report.
    pub(crate) const ALL: [Self; 7] = [
        Self::Ours("sequential"),
        Self::Ours("process"),
        Self::Ours("thread"),
        Self::Ours("pool"),
        Self::Ours("overlap"),
        Self::Original("processes"),
        Self::Original("threads"),
    ];

    /// Returns the name in the report.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Ours(strategy) => strategy.to_owned(),
            Self::Original("processes") => "Python, processes (fork)".to_owned(),
            Self::Original(workers) => format!("Python, {workers}"),
        }
    }

    /// Returns the contender that does the same in Rust, if this one is the original.
    pub(crate) fn counterpart(self) -> Option<Self> {
        match self {
            Self::Ours(_) => None,
            Self::Original("processes") => Some(Self::Ours("process")),
            Self::Original(_) => Some(Self::Ours("thread")),
        }
    }

    /// Returns why it cannot be measured on this machine, if so.
    pub(crate) fn missing(self, machine: &Machine) -> Option<String> {
        match self {
            Self::Ours(_) => None,
            Self::Original(_) => machine.python.clone().err(),
        }
    }
}
