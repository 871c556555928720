//! How long the spider takes, beside its limit and the Python original: `cargo bench -p spider-compare -- --help`.
//!
//! The gallery runs in a process of its own ([`GalleryProcess`](gallery::GalleryProcess)), and so does each run of a spider ([`run`]), which measures
//! itself: its start is not in its time. One run of every contender makes a round ([`rounds`]), so that what else the
//! machine does meets all of them alike.

mod child;
mod comparison;
mod contender;
mod growth;
mod machine;
mod plan;
mod progress;
mod report;
mod rounds;
mod run;
mod setting;

use std::io::{self, Write};
use std::num::NonZeroUsize;

use anyhow::Result;
use clap::Parser;

use crate::machine::Machine;
use crate::plan::Effort;
use crate::report::Report;

/// Measure the spider's strategies beside the limit of the gallery and the Python original.
///
/// The original needs a Python that can import requests and lxml: the `python3` on the PATH, or the one that the variable
/// PYTHON names.
///
/// Exit status: 0; 1 when somebody fails or hangs; 2 for a wrong argument.
#[derive(Parser)]
#[command(bin_name = "cargo bench -p spider-compare --", verbatim_doc_comment)]
struct Arguments {
    /// Print every figure of every round as JSON
    #[arg(long)]
    json: bool,

    /// One round or a few, without what takes long: whether it works, not how fast
    #[arg(long)]
    quick: bool,

    /// How many rounds, with --quick
    #[arg(long, value_name = "COUNT", default_value = "1", requires = "quick")]
    rounds: NonZeroUsize,

    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let effort = if arguments.quick { Effort::Quick(arguments.rounds.get()) } else { Effort::Full };
    let machine = Machine::look_at()?;
    let comparisons = rounds::run(effort, &machine)?;
    let growth = growth::run(effort)?;
    let report = Report { machine: &machine, comparisons: &comparisons, growth: &growth };
    let mut out = io::stdout().lock();
    if arguments.json {
        report.json(&mut out)?;
    } else {
        report.tables(&mut out)?;
    }
    Ok(out.flush()?)
}
