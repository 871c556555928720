//! The peers of a scenario: their measurement, and how this crate compares.

use anyhow::Result;
use bench_support::{Machine, Progress, median, median_ratio, turns};

use crate::measurement;
use crate::plan::{Part, parts};
use crate::scenario::Scenario;
use crate::work::Work;

/// All that is measured in one scenario.
pub(crate) struct Comparison {
    pub(crate) scenario: Scenario,
    /// This crate's comes first.
    pub(crate) results: Vec<Results>,
}

/// The results of one peer.
pub(crate) struct Results {
    pub(crate) part: Part,
    /// The number of rounds, or why the peer cannot be measured.
    pub(crate) rounds: Result<usize, &'static str>,
    /// Messages a second, round by round.
    pub(crate) rates: Vec<f64>,
}

impl Comparison {
    /// Returns the comparison before its first round. With `quick`, a tenth of the messages is sent.
    pub(crate) fn new(scenario: Scenario, rounds: usize, quick: bool, machine: &Machine) -> Self {
        let fraction = if quick { 10 } else { 1 };
        let results = |part: Part| {
            let rounds = part.peer.missing(machine).map_or(Ok(rounds), Err);
            Results { part: Part { count: part.count.div_ceil(fraction), ..part }, rounds, rates: Vec::new() }
        };
        Self { scenario, results: parts(scenario).into_iter().map(results).collect() }
    }

    /// Returns the number of measurements that it takes.
    pub(crate) fn turns(&self) -> usize {
        self.rounds().iter().sum()
    }

    /// Measures all peers in interleaved rounds.
    pub(crate) fn measure(&mut self, progress: &Progress) -> Result<()> {
        for index in turns(&self.rounds()) {
            let Results { part: Part { peer, count, .. }, rates, .. } = &mut self.results[index];
            progress.begin(self.scenario.title(), peer.name());
            let work = Work { peer: *peer, scenario: self.scenario, count: *count };
            let took = measurement::take(work)?;
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
            rates.push(*count as f64 / took.as_secs_f64());
            progress.step();
        }
        Ok(())
    }

    /// Returns the results of this crate.
    pub(crate) fn ours(&self) -> &Results {
        &self.results[0]
    }

    /// Returns the results that this crate is compared to.
    pub(crate) fn others(&self) -> &[Results] {
        &self.results[1..]
    }

    fn rounds(&self) -> Vec<usize> {
        self.results.iter().map(|results| results.rounds.unwrap_or(0)).collect()
    }
}

impl Results {
    /// Returns the messages a second, if any were measured.
    pub(crate) fn median(&self) -> Option<f64> {
        median(self.rates.iter().copied())
    }

    /// Returns how many times as fast as this peer `ours` is.
    pub(crate) fn ratio(&self, ours: &Self) -> Option<f64> {
        median_ratio(&ours.rates, &self.rates)
    }

    /// Returns whether the goal is reached, if there is one and both were measured.
    pub(crate) fn reached(&self, ours: &Self) -> Option<bool> {
        let (ratio, goal) = self.ratio(ours).zip(self.part.goal)?;
        Some(ratio >= goal)
    }
}
