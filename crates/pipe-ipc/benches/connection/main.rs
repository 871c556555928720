//! How fast a connection is, compared to others that do the same: `cargo bench -p pipe-ipc -- --help`.
//!
//! Every rate is measured between two processes. The benchmark starts the measuring side ([`measurement`]), which starts
//! the other side ([`sides`]) and times the messages and their acknowledgement, without the start of either process.

mod comparison;
mod measurement;
mod peer;
mod plan;
mod report;
mod scenario;
mod sides;
mod work;

use std::io::{self, Write};

use anyhow::Result;
use bench_support::{BenchArgs, Machine, Progress};
use clap::{Parser, Subcommand};

use crate::comparison::Comparison;
use crate::report::Report;
use crate::scenario::Scenario;
use crate::work::Work;

/// Compare the connection to CPython's, to a bare loop of system calls and to ipc-channel.
///
/// CPython is the `python3` on the PATH, or the one that the variable PYTHON names; ipc-channel is built with
/// `cargo bench -p pipe-ipc --features peers`. There are 9 rounds, or 3 rounds of a tenth of the messages with --quick.
///
/// Exit status: 0, also when a goal is not reached; 1 when a peer fails or hangs; 2 for a wrong argument.
#[derive(Parser)]
#[command(bin_name = "cargo bench -p pipe-ipc --", verbatim_doc_comment)]
struct Arguments {
    #[command(flatten)]
    bench: BenchArgs,

    #[command(subcommand)]
    side: Option<Side>,
}

/// What this program does when it has started itself.
#[derive(Subcommand)]
enum Side {
    /// Start the other side, and print how many nanoseconds the messages took.
    #[command(hide = true)]
    Measure(Work),
    /// Be the other side.
    #[command(hide = true)]
    Answer(Work),
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match arguments.side {
        None => compare(&arguments.bench),
        Some(Side::Measure(work)) => {
            let took = sides::measure(work)?;
            Ok(writeln!(io::stdout(), "{}", took.as_nanos())?)
        }
        Some(Side::Answer(work)) => sides::answer(work),
    }
}

fn compare(args: &BenchArgs) -> Result<()> {
    let rounds = args.rounds(9, 3);
    let machine = Machine::describe(&[])?;
    let comparison = |&scenario| Comparison::new(scenario, rounds, args.quick, &machine);
    let mut comparisons: Vec<_> = Scenario::all().iter().map(comparison).collect();
    let progress = Progress::new(comparisons.iter().map(Comparison::turns).sum());
    for comparison in &mut comparisons {
        comparison.measure(&progress)?;
    }
    drop(progress);
    let report = Report { rounds, comparisons: &comparisons, machine: &machine };
    args.print(&report.json(), || report.table())
}
