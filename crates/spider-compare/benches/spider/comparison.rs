//! The spiders in one setting: their measurement, and how they compare.

use anyhow::Result;
use bench_support::{BenchArgs, Machine, Progress, median, median_ratio, turns};

use crate::contender::Contender;
use crate::plan;
use crate::run::{self, Run};
use crate::setting::Setting;

/// All that is measured in one setting.
pub(crate) struct Comparison {
    pub(crate) setting: Setting,
    pub(crate) results: Vec<Results>,
}

/// The results of one contender.
pub(crate) struct Results {
    pub(crate) contender: Contender,
    /// The number of rounds, or why it is not measured.
    pub(crate) rounds: Result<usize, String>,
    /// The runs, round by round.
    pub(crate) runs: Vec<Run>,
}

impl Comparison {
    /// Returns all contenders before their first round.
    pub(crate) fn new(setting: Setting, args: &BenchArgs, machine: &Machine) -> Self {
        let results = |contender: Contender| {
            let rounds =
                contender.missing(machine).map_or_else(|| plan::rounds(args, contender, setting), Err);
            Results { contender, rounds, runs: Vec::new() }
        };
        Self { setting, results: Contender::ALL.map(results).into() }
    }

    /// Returns the number of runs that it takes.
    pub(crate) fn turns(&self) -> usize {
        self.rounds().iter().sum()
    }

    /// Measures all contenders in interleaved rounds.
    pub(crate) fn measure(&mut self, progress: &Progress) -> Result<()> {
        if self.turns() == 0 {
            return Ok(());
        }
        let title = self.setting.title();
        let gallery = run::start_gallery(&self.setting.knobs().options())?;
        progress.begin(title, "warming up");
        // The gallery draws a picture when it is first requested, which is not to be part of any measurement.
        run::take(Contender::Ours("overlap"), &gallery, &[], &run::folder_in_memory()?)?;
        for index in turns(&self.rounds()) {
            let Results { contender, runs, .. } = &mut self.results[index];
            progress.begin(title, &contender.name());
            runs.push(run::take(*contender, &gallery, &[], &run::folder_in_memory()?)?);
            progress.step();
        }
        Ok(())
    }

    /// Returns the shortest possible time in seconds, or `None` if the gallery answers at once.
    pub(crate) fn limit(&self) -> Option<f64> {
        let run = self.results.iter().find_map(|results| results.runs.first())?;
        self.setting.knobs().limit(run.bytes)
    }

    /// Returns how many times as long as its counterpart in Rust the original takes.
    pub(crate) fn ratio(&self, results: &Results) -> Option<f64> {
        let counterpart = results.contender.counterpart()?;
        let ours = self.results.iter().find(|results| results.contender == counterpart)?;
        median_ratio(&results.seconds(), &ours.seconds())
    }

    fn rounds(&self) -> Vec<usize> {
        self.results.iter().map(|results| *results.rounds.as_ref().unwrap_or(&0)).collect()
    }
}

impl Results {
    /// Returns the median of the seconds from the start to the last image, if it was measured.
    pub(crate) fn total(&self) -> Option<f64> {
        median(self.seconds())
    }

    /// Returns the median of the seconds of CPU time, if it was measured.
    pub(crate) fn cpu(&self) -> Option<f64> {
        median(self.runs.iter().filter_map(|run| run.cpu_seconds))
    }

    /// Returns why it was not measured, if so.
    pub(crate) fn missing(&self) -> Option<&str> {
        self.rounds.as_ref().err().map(String::as_str)
    }

    fn seconds(&self) -> Vec<f64> {
        self.runs.iter().map(|run| run.total_seconds).collect()
    }
}
