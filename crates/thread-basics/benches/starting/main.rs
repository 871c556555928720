//! What threads and processes cost, in Rust and in Python: `cargo bench -p thread-basics -- --help`.
//!
//! `start`: creating a thread or a process that does nothing, and waiting for it. `memory`: an idle one. `cpu`: the
//! speed-up of two for a task that only computes.

mod child;
mod computing;
mod memory;
mod python;
mod starting;

use anyhow::Result;
use bench_support::{BenchArgs, Ratio, ratio_table};
use clap::{Parser, ValueEnum};

/// Measure what threads and processes cost, in Rust and in Python.
///
/// Python is the `python3` on the PATH, or the one that the variable PYTHON names. Memory is measured on Linux only.
#[derive(Parser)]
#[command(bin_name = "cargo bench -p thread-basics --", verbatim_doc_comment)]
struct Arguments {
    #[command(flatten)]
    bench: BenchArgs,

    /// What to measure [default: everything]
    #[arg(value_name = "KIND")]
    kinds: Vec<Kind>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// Creating one that does nothing, and waiting for it
    Start,
    /// The memory of one that is idle
    Memory,
    /// The speed-up of two for a task that only computes
    Cpu,
}

fn main() -> Result<()> {
    if let Some(task) = child::task() {
        child::run(&task);
        return Ok(());
    }
    let Arguments { bench, kinds } = Arguments::parse();
    let kinds = if kinds.is_empty() { Kind::value_variants() } else { &kinds };
    let measure = |kind: &Kind| match kind {
        Kind::Start => starting::measure(&bench),
        Kind::Memory => memory::measure(),
        Kind::Cpu => computing::measure(&bench),
    };
    let ratios: Vec<Ratio> = kinds.iter().flat_map(measure).collect();
    bench.print(&ratios, || ratio_table(&ratios))
}
