//! What the requests of one kind come to.

use crate::trace::{self, Kind, Request};

use super::bar::Bar;
use super::words::thousands;

/// All requests of a kind, taken together. Times are in seconds.
#[derive(Debug, Clone)]
pub(super) struct Phase<'a> {
    bars: Vec<Bar<'a>>,
    /// When the last of them ended.
    pub(super) ended: f64,
    /// The most that were under way at the same time.
    pub(super) at_once: usize,
}

impl<'a> Phase<'a> {
    /// That of `kind` among `bars`; nothing if there is none of it.
    pub(super) fn of(kind: Kind, bars: &[Bar<'a>]) -> Option<Self> {
        let bars: Vec<_> = bars.iter().copied().filter(|bar| bar.request.kind == kind).collect();
        if bars.is_empty() {
            return None;
        }
        let requests: Vec<Request> = bars.iter().map(|bar| bar.request.clone()).collect();
        let ended = bars.iter().map(|bar| bar.ended).fold(0.0, f64::max);
        Some(Self { bars, ended, at_once: trace::peak(&requests) })
    }

    pub(super) fn count(&self) -> usize {
        self.bars.len()
    }

    /// From the first that was wanted to the last that ended.
    pub(super) fn took(&self) -> f64 {
        self.ended - self.bars[0].wanted
    }

    /// How many were wanted before this moment.
    pub(super) fn wanted_before(&self, moment: f64) -> usize {
        self.bars.iter().filter(|bar| bar.wanted < moment).count()
    }

    /// For how long a process or a thread was being started for any of them. Several at a time count once.
    pub(super) fn starting(&self) -> f64 {
        let (mut sum, mut until) = (0.0, 0.0_f64);
        for bar in &self.bars {
            sum += (bar.sent - bar.wanted.max(until)).max(0.0);
            until = until.max(bar.sent);
        }
        sum
    }

    /// How they were sent.
    pub(super) fn manner(&self) -> String {
        match self.at_once {
            0 | 1 => "one by one".to_owned(),
            most if most == self.count() => "all at once".to_owned(),
            most => format!("at most {} at once", thousands(most)),
        }
    }
}
