//! How fast a connection is, beside others that do the same: `cargo bench -p pipe-ipc -- --help`.
//!
//! Every figure is measured between two processes. The benchmark starts the measuring side ([`measurement`]), which
//! starts the other side ([`sides`]) and keeps the time around the messages and their acknowledgement, without the start
//! of either. One measurement of every peer makes a round ([`rounds`]), so that what else the machine does meets all of
//! them alike.

mod comparison;
mod machine;
mod measurement;
mod peer;
mod plan;
mod progress;
mod report;
mod rounds;
mod scenario;
mod sides;
mod work;

use std::io::{self, Write};
use std::num::NonZeroUsize;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::machine::Reader;
use crate::rounds::Effort;
use crate::work::Work;

/// Measure the connection beside CPython's, a bare loop of system calls and ipc-channel.
///
/// CPython needs a `python3`; ipc-channel has to be built: `cargo bench -p pipe-ipc --features peers`.
///
/// Exit status: 0, also when a goal is not reached; 1 when a peer fails or hangs; 2 for a wrong argument.
#[derive(Parser)]
#[command(bin_name = "cargo bench -p pipe-ipc --", verbatim_doc_comment)]
struct Arguments {
    /// Print every figure of every round as JSON
    #[arg(long)]
    json: bool,

    /// Three rounds and a tenth of the messages: whether it works, not how fast
    #[arg(long)]
    quick: bool,

    /// How many rounds [default: 9, or 3 with --quick]
    #[arg(long, value_name = "COUNT")]
    rounds: Option<NonZeroUsize>,

    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,

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
        None => compare(&arguments),
        Some(Side::Measure(work)) => print_nanoseconds(work),
        Some(Side::Answer(work)) => sides::answer(work),
    }
}

fn compare(arguments: &Arguments) -> Result<()> {
    let mut effort = if arguments.quick { Effort::QUICK } else { Effort::FULL };
    effort.rounds = arguments.rounds.map_or(effort.rounds, NonZeroUsize::get);
    let machine = Reader::look_at()?;
    let comparisons = rounds::run(effort, &machine)?;
    let mut out = io::stdout().lock();
    if arguments.json {
        report::json(&mut out, &machine, effort, &comparisons)?;
    } else {
        report::table(&mut out, &machine, effort, &comparisons)?;
    }
    Ok(out.flush()?)
}

fn print_nanoseconds(work: Work) -> Result<()> {
    let took = sides::measure(work)?;
    Ok(writeln!(io::stdout(), "{}", took.as_nanos())?)
}
