//! How many runs an exploration takes, and how long, compared to loom and to shuttle's own schedulers:
//! `cargo bench -p exploration -- --help`.
//!
//! All of them explore the same programs (`programs.rs`). Only ours knows what a print is. In the others, a print locks a
//! lock of the explorer, as std's `println!` locks standard output. Loom explores each program without that lock, too: then
//! it makes fewer runs, and misses outputs unless another lock decides the order of the prints.

mod comparison;
mod growth;
#[cfg(feature = "peers")]
mod loom;
mod ours;
mod record;
mod shuttle;

use std::time::Duration;

use anyhow::Result;
use bench_support::{BenchArgs, Machine, Progress};
use clap::Parser;
use serde_json::json;

use crate::comparison::{compare, comparison_table, programs};
use crate::growth::growth_table;
use crate::record::Limit;

/// Compare this exploration to loom and to shuttle's own schedulers, and measure how it grows.
///
/// Loom is built with `cargo bench -p exploration --features peers`. There are 5 rounds, or 1 small round with --quick.
/// An exploration with more than 1,000,000 runs or 20 seconds is given up, and not repeated.
///
/// Exit status: 0; 1 when another explorer finds an output that this one does not; 2 for a wrong argument.
#[derive(Parser)]
#[command(bin_name = "cargo bench -p exploration --", verbatim_doc_comment)]
struct Arguments {
    #[command(flatten)]
    bench: BenchArgs,
}

fn main() -> Result<()> {
    let args = Arguments::parse().bench;
    let rounds = args.rounds(5, 1);
    let (runs, time) = if args.quick { (1_000, 0.2) } else { (1_000_000, 20.0) };
    let limit = Limit { runs, time: Duration::from_secs_f64(time) };
    let machine = Machine::describe(&[])?;
    let programs = programs(args.quick);
    let progress = Progress::new(programs.len() * rounds);
    let mut compared = Vec::new();
    for program in programs {
        compared.extend(compare(program, rounds, limit, &progress)?);
    }
    let growth = growth::measure(rounds, args.quick, &progress);
    drop(progress);
    let report = json!({ "machine": machine, "rounds": rounds, "comparison": compared, "growth": growth });
    args.print(&report, || {
        format!(
            "{}\n\n\
             outputs: how many of all, which the exploration finds; a deadlock counts as one. No explorer finds others.\n\
             runs ×, time ×: compared to the exploration; >: given up, with runs left\n\n\
             {}\n\n\
             ms: without the time to list the outputs. All times are medians of up to {rounds} rounds.\n\
             {machine}",
            comparison_table(&compared),
            growth_table(&growth)
        )
    })
}
