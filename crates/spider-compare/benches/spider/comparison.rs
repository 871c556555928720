//! What was measured in a setting, and what comes of it.

use spider_compare::stats as figures;

use crate::contender::Contender;
use crate::machine::Machine;
use crate::plan::Effort;
use crate::run::Run;
use crate::setting::Setting;

/// All that is measured in one setting.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) setting: Setting,
    pub(crate) figures: Vec<Figures>,
}

/// How one contender has done.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) contender: Contender,
    /// In how many rounds it has its turn, or why in none.
    pub(crate) rounds: Result<usize, String>,
    /// Round by round.
    pub(crate) runs: Vec<Run>,
}

impl Comparison {
    /// All contenders, before the first round.
    pub(crate) fn new(setting: Setting, effort: Effort, machine: &Machine) -> Self {
        let figures = |contender: Contender| {
            let rounds = contender.missing(machine).map_or(effort.rounds(contender, setting), Err);
            Figures { contender, rounds, runs: Vec::new() }
        };
        Self { setting, figures: Contender::ALL.map(figures).into() }
    }

    /// The fewest seconds that are possible, if anything takes time.
    pub(crate) fn limit(&self) -> Option<f64> {
        let run = self.figures.iter().find_map(|figures| figures.runs.first())?;
        figures::limit(&self.setting.knobs().options(), 1, run.bytes)
    }

    /// How many times as long as its counterpart in Rust the original takes. The two of a round were measured one soon
    /// after the other, and what slows a machine down for seconds slows both: hence the median of the rounds' ratios.
    pub(crate) fn ratio(&self, figures: &Figures) -> Option<f64> {
        let counterpart = figures.contender.counterpart()?;
        let ours = self.figures.iter().find(|figures| figures.contender == counterpart)?;
        let pairs = figures.runs.iter().zip(&ours.runs);
        median(pairs.map(|(theirs, ours)| theirs.total_seconds / ours.total_seconds))
    }
}

impl Figures {
    /// Seconds from its start to its last image, if it was measured.
    pub(crate) fn total(&self) -> Option<f64> {
        median(self.runs.iter().map(|run| run.total_seconds))
    }

    /// Seconds of processor time, if it was measured.
    pub(crate) fn cpu(&self) -> Option<f64> {
        median(self.runs.iter().filter_map(|run| run.cpu_seconds))
    }

    /// Why it was not measured, if so.
    pub(crate) fn missing(&self) -> Option<&str> {
        self.rounds.as_ref().err().map(String::as_str)
    }
}

/// The middle one; of an even number the higher of the two in the middle.
fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
