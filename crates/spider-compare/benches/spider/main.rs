//! How long the spider takes, compared to the limit and to the Python original:
//! `cargo bench -p spider-compare -- --help`.
//!
//! The gallery runs in a process of its own ([`gallery::GalleryProcess`]), and so does each run of a spider ([`run`]),
//! which measures itself: the start of its process is not part of its time.

mod comparison;
mod contender;
mod growth;
mod plan;
mod report;
mod run;
mod setting;

use anyhow::{Context, Result};
use bench_support::{BenchArgs, Machine, Progress};
use clap::Parser;

use crate::comparison::Comparison;
use crate::report::Report;
use crate::setting::Setting;

/// Compare the spider's strategies to the limit of the gallery and to the Python original.
///
/// The original needs a Python that can import requests and lxml: the `python3` on the PATH, or the one that the variable
/// PYTHON names. There are 5 rounds, 9 where a run is short, or 1 with --quick, which also leaves out what takes long.
///
/// Exit status: 0; 1 when a spider fails or hangs; 2 for a wrong argument.
#[derive(Parser)]
#[command(bin_name = "cargo bench -p spider-compare --", verbatim_doc_comment)]
struct Arguments {
    #[command(flatten)]
    bench: BenchArgs,
}

fn main() -> Result<()> {
    let args = Arguments::parse().bench;
    let machine = Machine::describe(&["requests", "lxml"])?;
    let mut comparisons = Setting::ALL.map(|setting| Comparison::new(setting, &args, &machine));
    let progress = Progress::new(comparisons.iter().map(Comparison::turns).sum());
    for comparison in &mut comparisons {
        let title = comparison.setting.title();
        comparison.measure(&progress).with_context(|| format!("at {title}"))?;
    }
    drop(progress);
    let growth = growth::measure(args.quick)?;
    let report = Report { machine: &machine, comparisons: &comparisons, growth: &growth };
    args.print(&report.json(), || report.tables())
}
