//! Every figure, as JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use crate::comparison::{Comparison, Figures};
use crate::growth::Growth;
use crate::machine::Machine;
use crate::run::Run;
use crate::setting::Knobs;

#[derive(Serialize)]
struct Whole<'a> {
    machine: &'a Machine,
    settings: Vec<SettingReport<'a>>,
    growth: &'a [Growth],
}

/// Latency and connecting are in milliseconds, the limit in seconds.
#[derive(Serialize)]
struct SettingReport<'a> {
    setting: &'static str,
    #[serde(flatten)]
    knobs: Knobs,
    limit: Option<f64>,
    spiders: Vec<SpiderReport<'a>>,
}

/// Only the Python original has a ratio.
#[derive(Serialize)]
struct SpiderReport<'a> {
    spider: String,
    missing: Option<&'a str>,
    median_total_seconds: Option<f64>,
    median_cpu_seconds: Option<f64>,
    ratio_to_rust: Option<f64>,
    runs: &'a [Run],
}

impl Report<'_> {
    /// Prints one JSON object.
    pub(crate) fn json(&self, out: &mut impl Write) -> io::Result<()> {
        let settings = self.comparisons.iter().map(setting_report).collect();
        let whole = Whole { machine: self.machine, settings, growth: self.growth };
        serde_json::to_writer_pretty(&mut *out, &whole)?;
        writeln!(out)
    }
}

fn setting_report(comparison: &Comparison) -> SettingReport<'_> {
    let spider = |figures| spider_report(comparison, figures);
    SettingReport {
        setting: comparison.setting.title(),
        knobs: comparison.setting.knobs(),
        limit: comparison.limit(),
        spiders: comparison.figures.iter().map(spider).collect(),
    }
}

fn spider_report<'a>(comparison: &Comparison, figures: &'a Figures) -> SpiderReport<'a> {
    SpiderReport {
        spider: figures.contender.name(),
        missing: figures.missing(),
        median_total_seconds: figures.total(),
        median_cpu_seconds: figures.cpu(),
        ratio_to_rust: comparison.ratio(figures),
        runs: &figures.runs,
    }
}
