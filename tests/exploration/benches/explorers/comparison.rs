//! The same programs, explored by each explorer.

use std::time::Instant;

use anyhow::{Result, ensure};
use bench_support::Column::{Number, Text};
use bench_support::{Progress, format_number, median, median_ratio, table};
use serde::Serialize;

#[cfg(feature = "peers")]
use crate::loom;
use crate::record::{End, Explored, Limit, Program};
use crate::{ours, shuttle};

type Explore = fn(Program, Limit) -> Explored;

/// The explorers, ours first.
const EXPLORERS: &[(&str, Explore)] = &[
    ("exploration", ours::all_outcomes),
    ("exploration, prints in order", ours::with_ordered_prints),
    #[cfg(feature = "peers")]
    ("loom", loom::with_prints),
    #[cfg(feature = "peers")]
    ("loom, prints not seen", loom::without_prints),
    ("shuttle, depth first", shuttle::depth_first),
    ("shuttle, at random", shuttle::at_random),
];

/// An explorer's result, compared to ours.
#[derive(Serialize)]
pub(crate) struct Row {
    program: String,
    explorer: &'static str,
    runs: usize,
    end: End,
    milliseconds: Vec<f64>,
    outputs: usize,
    all_outputs: usize,
    last_new: Option<usize>,
    runs_ratio: f64,
    time_ratio: Option<f64>,
}

/// Returns the programs. With `quick`, those of many threads are left out.
pub(crate) fn programs(quick: bool) -> Vec<Program> {
    let threads = (2..=if quick { 3 } else { 5 }).map(Program::Threads);
    let others = [Program::Lines, Program::ReadThenWrite, Program::WaitWithoutALoop, Program::OppositeOrders];
    threads.chain(others).collect()
}

/// Explores a program with all explorers in turn, in this number of rounds. One that is not complete is not repeated.
///
/// # Errors
/// If another explorer finds an outcome that ours does not.
pub(crate) fn compare(
    program: Program,
    rounds: usize,
    limit: Limit,
    progress: &Progress,
) -> Result<Vec<Row>> {
    let mut all: Vec<(Option<Explored>, Vec<f64>)> = EXPLORERS.iter().map(|_| (None, Vec::new())).collect();
    for _ in 0..rounds {
        for ((name, explore), (explored, times)) in EXPLORERS.iter().zip(&mut all) {
            if explored.as_ref().is_none_or(|explored| explored.end == End::Complete) {
                progress.begin(&program.to_string(), name);
                let start = Instant::now();
                *explored = Some(explore(program, limit));
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
        progress.step();
    }
    let all: Vec<_> = all.into_iter().filter_map(|(explored, times)| Some((explored?, times))).collect();
    let row = |((name, _), measured): (&(&'static str, Explore), &(Explored, Vec<f64>))| {
        let missed = measured.0.outcomes.difference(&all[0].0.outcomes).next();
        ensure!(missed.is_none(), "{program}: {name} finds what the exploration does not: {missed:?}");
        Ok(Row::new(program, name, measured, &all[0]))
    };
    EXPLORERS.iter().zip(&all).map(row).collect()
}

#[expect(clippy::cast_precision_loss, reason = "at most some millions")]
fn float(count: usize) -> f64 {
    count as f64
}

/// Formats a count with commas.
pub(crate) fn format_count(count: usize) -> String {
    if count < 100 { count.to_string() } else { format_number(float(count)) }
}

/// Formats the results as a table, in which each program is named once.
pub(crate) fn comparison_table(rows: &[Row]) -> String {
    let columns = [
        Text("program"),
        Text("explorer"),
        Number("runs"),
        Number("ms"),
        Number("outputs"),
        Number("runs ×"),
        Number("time ×"),
        Text(""),
    ];
    let is_first = |index: usize| index == 0 || rows[index - 1].program != rows[index].program;
    let cells = |(index, row): (usize, &Row)| row.cells(is_first(index));
    table(columns, rows.iter().enumerate().map(cells))
}

impl Row {
    fn new(
        program: Program,
        explorer: &'static str,
        (found, times): &(Explored, Vec<f64>),
        (ours, our_times): &(Explored, Vec<f64>),
    ) -> Self {
        Self {
            program: program.to_string(),
            explorer,
            runs: found.runs,
            end: found.end,
            milliseconds: times.clone(),
            outputs: found.outcomes.len(),
            all_outputs: ours.outcomes.len(),
            last_new: found.last_new,
            runs_ratio: float(found.runs) / float(ours.runs),
            time_ratio: median_ratio(times, our_times),
        }
    }

    fn cells(&self, is_first: bool) -> [String; 8] {
        let program = if is_first { self.program.clone() } else { String::new() };
        let explorer = self.explorer.to_owned();
        let (more, note) = match (self.end, self.last_new) {
            (End::TooManyThreads, _) => ("", "too many threads".to_owned()),
            (End::Deadlock, _) => ("", "ends at a deadlock".to_owned()),
            (End::Limit, Some(run)) => ("> ", format!("last new output: run {}", format_count(run))),
            (End::Limit, None) => ("> ", String::new()),
            (End::Complete, _) => ("", String::new()),
        };
        let number = |number| format!("{more}{}", format_number(number));
        let mut cells = [
            program,
            explorer,
            format!("{more}{}", format_count(self.runs)),
            median(self.milliseconds.iter().copied()).map(number).unwrap_or_default(),
            format!("{} of {}", self.outputs, self.all_outputs),
            number(self.runs_ratio),
            self.time_ratio.map(number).unwrap_or_default(),
            note,
        ];
        if self.end == End::TooManyThreads {
            cells[2..7].fill(String::new());
        }
        cells
    }
}
