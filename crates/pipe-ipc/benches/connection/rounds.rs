//! Measures every peer in every scenario, round by round.

use anyhow::Result;

use crate::comparison::{Comparison, Figures};
use crate::machine::Reader;
use crate::measurement;
use crate::progress::Progress;
use crate::scenario::Scenario;
use crate::work::Work;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    /// Each count of the plan is divided by this.
    fraction: u64,
}

impl Effort {
    pub(crate) const FULL: Self = Self { rounds: 9, fraction: 1 };
    pub(crate) const QUICK: Self = Self { rounds: 3, fraction: 10 };

    /// How many of the `planned` messages are sent.
    pub(crate) fn count(self, planned: u64) -> u64 {
        planned.div_ceil(self.fraction)
    }
}

/// Measures everything.
pub(crate) fn run(effort: Effort, machine: &Reader) -> Result<Vec<Comparison>> {
    let mut comparisons: Vec<_> =
        Scenario::all().iter().map(|&scenario| Comparison::new(scenario, machine)).collect();
    let progress = Progress::new(comparisons.len() * effort.rounds);
    for comparison in &mut comparisons {
        measure(comparison, effort, &progress)?;
    }
    Ok(comparisons)
}

/// In each round every peer has its turn once, and each time another is the first.
fn measure(comparison: &mut Comparison, effort: Effort, progress: &Progress) -> Result<()> {
    let scenario = comparison.scenario;
    progress.begins(scenario);
    let mut present: Vec<_> =
        comparison.figures.iter_mut().filter(|figures| figures.missing.is_none()).collect();
    for _ in 0..effort.rounds {
        for figures in &mut present {
            measure_once(figures, scenario, effort)?;
        }
        present.rotate_left(1);
        progress.step();
    }
    Ok(())
}

fn measure_once(figures: &mut Figures, scenario: Scenario, effort: Effort) -> Result<()> {
    let count = effort.count(figures.part.count);
    let took = measurement::take(Work { peer: figures.part.peer, scenario, count })?;
    #[expect(clippy::cast_precision_loss, reason = "a count of messages has far less than 52 bits")]
    figures.rates.push(count as f64 / took.as_secs_f64());
    Ok(())
}
