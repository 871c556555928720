//! How an exploration grows with the number of threads, and of child processes.

use std::collections::BTreeSet;
use std::time::Instant;

use bench_support::Column::{Number, Text};
use bench_support::{Progress, format_number, median, table};
use exploration::Exploration;
use scheduled_std::process::{Command, program};
use scheduled_std::{env, println};
use serde::Serialize;

use crate::comparison::format_count;
use crate::ours;
use crate::record::Program;

/// The arguments of a main that starts this many child processes.
const CHILDREN: [&[&str]; 5] = [&["2"], &["3"], &["4"], &["5"], &["6"]];

/// An exploration with this crate.
#[derive(Serialize)]
pub(crate) struct Row {
    actors: String,
    runs: usize,
    /// `None` if there are too many to list.
    outputs: Option<usize>,
    milliseconds: f64,
    microseconds_a_run: f64,
}

/// Measures explorations of two actors, of three, and so on: up to three with `quick`, and to six without it.
pub(crate) fn measure(rounds: usize, quick: bool, progress: &Progress) -> Vec<Row> {
    let children = if quick { &CHILDREN[..2] } else { &CHILDREN };
    progress.begin("growth", "exploration");
    let threads = (2..2 + children.len())
        .map(|count| row(format!("{count} threads"), rounds, || ours::exploration(Program::Threads(count))));
    let processes = children.iter().map(|args| {
        let explore = || Exploration::new(program(start_children, args));
        row(format!("{} processes", args[0]), rounds, || explore().unwrap_or_else(|error| panic!("{error}")))
    });
    threads.chain(processes).collect()
}

fn row(actors: String, rounds: usize, explore: impl Fn() -> Exploration) -> Row {
    let time = |_| {
        let start = Instant::now();
        let explored = explore();
        (start.elapsed().as_secs_f64(), explored)
    };
    let (seconds, mut explored): (Vec<f64>, Vec<Exploration>) = (0..rounds).map(time).unzip();
    let seconds = median(seconds).unwrap_or_default();
    let explored = explored.pop().expect("there is at least one round");
    let runs = explored.counts().runs;
    let outputs = explored.outputs().map(BTreeSet::len);
    #[expect(clippy::cast_precision_loss, reason = "some hundreds")]
    let microseconds_a_run = seconds * 1e6 / runs as f64;
    Row { actors, runs, outputs, milliseconds: seconds * 1e3, microseconds_a_run }
}

/// Does what the scenario `process` of shared-data does, with the number of child processes as its argument.
fn start_children() {
    let args: Vec<String> = env::args().skip(1).collect();
    if let [_, name] = &args[..] {
        println!("{name} change before 999");
        return println!("{name} change after 1000");
    }
    let program = env::current_exe().expect("it is known");
    let start = |i| Command::new(&program).args(["work", &format!("process_{i}")]).spawn();
    let children: Vec<_> = (0..args[0].parse().expect("a number")).map(start).collect();
    for child in children {
        child.expect("it starts").wait().expect("it can be waited for");
    }
    println!("999");
}

/// Formats the results as a table.
pub(crate) fn growth_table(rows: &[Row]) -> String {
    let columns = [Text("beside main"), Number("runs"), Number("outputs"), Number("ms"), Number("µs a run")];
    let cells = |row: &Row| {
        [
            row.actors.clone(),
            format_count(row.runs),
            row.outputs.map_or_else(|| "too many to list".to_owned(), format_count),
            format_number(row.milliseconds),
            format_number(row.microseconds_a_run),
        ]
    };
    table(columns, rows.iter().map(cells))
}
