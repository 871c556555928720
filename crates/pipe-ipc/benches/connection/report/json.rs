//! Every figure, as JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::comparison::{Comparison, Figures, Verdict};
use crate::machine::Reader;
use crate::rounds::Effort;

#[derive(Serialize)]
struct Report<'a> {
    machine: &'a Reader,
    rounds: usize,
    scenarios: Vec<ScenarioReport<'a>>,
}

#[derive(Serialize)]
struct ScenarioReport<'a> {
    scenario: &'static str,
    bytes: usize,
    unit: &'static str,
    peers: Vec<PeerReport<'a>>,
}

/// The first is this crate, which has neither a ratio nor a goal.
#[derive(Serialize)]
struct PeerReport<'a> {
    peer: &'static str,
    missing: Option<&'static str>,
    count: u64,
    per_second: &'a [f64],
    median: Option<f64>,
    ratio: Option<f64>,
    goal: Option<f64>,
    reached: Option<bool>,
}

/// Prints one JSON object.
pub(crate) fn json(
    out: &mut impl Write,
    machine: &Reader,
    effort: Effort,
    comparisons: &[Comparison],
) -> io::Result<()> {
    let scenarios = comparisons.iter().map(|comparison| scenario_report(comparison, effort)).collect();
    serde_json::to_writer_pretty(&mut *out, &Report { machine, rounds: effort.rounds, scenarios })?;
    writeln!(out)
}

fn scenario_report(comparison: &Comparison, effort: Effort) -> ScenarioReport<'_> {
    let ours = comparison.ours();
    let others = comparison.others().iter().map(|figures| PeerReport {
        ratio: figures.ratio(ours),
        goal: figures.part.goal,
        reached: figures.verdict(ours).map(|verdict| verdict == Verdict::Reached),
        ..peer_report(figures, effort)
    });
    ScenarioReport {
        scenario: comparison.scenario.title(),
        bytes: comparison.scenario.size(),
        unit: comparison.scenario.unit(),
        peers: [peer_report(ours, effort)].into_iter().chain(others).collect(),
    }
}

fn peer_report(figures: &Figures, effort: Effort) -> PeerReport<'_> {
    PeerReport {
        peer: figures.part.peer.name(),
        missing: figures.missing,
        count: effort.count(figures.part.count),
        per_second: &figures.rates,
        median: figures.median(),
        ratio: None,
        goal: None,
        reached: None,
    }
}
