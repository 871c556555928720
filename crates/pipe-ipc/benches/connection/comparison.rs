//! What was measured in a scenario, and what comes of it.

use crate::machine::Reader;
use crate::plan::{self, Part};
use crate::scenario::Scenario;

/// All that is measured in one scenario.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) scenario: Scenario,
    /// This crate's first.
    pub(crate) figures: Vec<Figures>,
}

/// What one peer has reached.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) part: Part,
    /// Why the peer cannot be measured, if so.
    pub(crate) missing: Option<&'static str>,
    /// How many messages a second, round by round.
    pub(crate) rates: Vec<f64>,
}

/// What a goal has come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Verdict {
    Reached,
    Below,
}

impl Comparison {
    /// Everybody who has a part in this scenario, before the first round.
    pub(crate) fn new(scenario: Scenario, machine: &Reader) -> Self {
        let figures = |part: Part| Figures { part, missing: part.peer.missing(machine), rates: Vec::new() };
        Self { scenario, figures: plan::parts(scenario).into_iter().map(figures).collect() }
    }

    /// The figures of this crate.
    pub(crate) fn ours(&self) -> &Figures {
        &self.figures[0]
    }

    /// Those that this crate is compared with.
    pub(crate) fn others(&self) -> &[Figures] {
        &self.figures[1..]
    }
}

impl Figures {
    /// How many messages a second, if any were measured.
    pub(crate) fn median(&self) -> Option<f64> {
        median(self.rates.clone())
    }

    /// How many times as fast as this peer `ours` is. The two of a round were measured one after the other, and what
    /// slows a machine down for seconds slows both: hence the median of the rounds' ratios.
    pub(crate) fn ratio(&self, ours: &Self) -> Option<f64> {
        median(ours.rates.iter().zip(&self.rates).map(|(ours, this)| ours / this).collect())
    }

    /// Whether the goal is reached, if there is one and both were measured.
    pub(crate) fn verdict(&self, ours: &Self) -> Option<Verdict> {
        let (ratio, goal) = self.ratio(ours).zip(self.part.goal)?;
        Some(if ratio < goal { Verdict::Below } else { Verdict::Reached })
    }
}

/// The middle one; of an even number the higher of the two in the middle.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
