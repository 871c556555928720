//! The results, as a table and as JSON.

use bench_support::Column::{Number, Text};
use bench_support::{Machine, format_number, table};
use serde_json::{Value, json};

use crate::comparison::{Comparison, Results};

/// All that was measured, and where.
pub(crate) struct Report<'a> {
    pub(crate) rounds: usize,
    pub(crate) comparisons: &'a [Comparison],
    pub(crate) machine: &'a Machine,
}

impl Report<'_> {
    /// Returns every result of every round. The first peer of a scenario is this crate, which has no ratio and no goal.
    pub(crate) fn json(&self) -> Value {
        let peer = |results: &Results, ours: Option<&Results>| {
            json!({
                "peer": results.part.peer.name(),
                "missing": results.rounds.err(),
                "count": results.part.count,
                "per_second": results.rates,
                "median": results.median(),
                "ratio": ours.and_then(|ours| results.ratio(ours)),
                "goal": results.part.goal,
                "reached": ours.and_then(|ours| results.reached(ours)),
            })
        };
        let scenario = |comparison: &Comparison| {
            let ours = comparison.ours();
            let others = comparison.others().iter().map(|results| peer(results, Some(ours)));
            let peers: Value = [peer(ours, None)].into_iter().chain(others).collect();
            json!({
                "scenario": comparison.scenario.title(),
                "bytes": comparison.scenario.size(),
                "unit": comparison.scenario.unit(),
                "peers": peers,
            })
        };
        let scenarios: Value = self.comparisons.iter().map(scenario).collect();
        json!({ "machine": self.machine, "rounds": self.rounds, "scenarios": scenarios })
    }

    /// Returns a table with a row for each peer that this crate is compared to, and how to read it.
    pub(crate) fn table(&self) -> String {
        let columns = [
            Text("scenario"),
            Number("ours/s"),
            Text("peer"),
            Number("peer/s"),
            Number("ratio"),
            Number("goal"),
            Text("result"),
        ];
        let table = table(columns, self.comparisons.iter().flat_map(rows));
        let Self { rounds, machine, .. } = self;
        format!(
            "{table}\n\n\
             ours/s, peer/s: messages a second, or round trips in a ping-pong; medians of {rounds} rounds\n\
             ratio: ours to the peer's, the median of the ratios of {rounds} rounds\n\
             {machine}"
        )
    }
}

/// Returns the rows of a scenario, which is named only in the first.
fn rows(comparison: &Comparison) -> impl Iterator<Item = [String; 7]> {
    let ours = comparison.ours();
    let mut heading = [comparison.scenario.title().to_owned(), or_empty(ours.median())];
    comparison.others().iter().map(move |results| {
        let [scenario, our_rate] = std::mem::take(&mut heading);
        let result = match (results.rounds, results.reached(ours)) {
            (Err(missing), _) => missing,
            (_, Some(true)) => "reached",
            (_, Some(false)) => "below the goal",
            (_, None) => "",
        };
        [
            scenario,
            our_rate,
            results.part.peer.name().to_owned(),
            or_empty(results.median()),
            or_empty(results.ratio(ours)),
            results.part.goal.map(|goal| format!("≥ {}", format_number(goal))).unwrap_or_default(),
            result.to_owned(),
        ]
    })
}

fn or_empty(number: Option<f64>) -> String {
    number.map(format_number).unwrap_or_default()
}
