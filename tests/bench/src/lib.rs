//! The parts that all benchmarks share, so that a benchmark contains only what it measures.
//!
//! A benchmark flattens [`BenchArgs`] into its command line, describes the [`Machine`], measures its contenders in
//! interleaved rounds ([`turns`]) and prints a [`table`](table()) or JSON with [`BenchArgs::print`]. Where a contender is
//! just a function, [`measure_ratios`] does all of it.
//!
//! Read in this order:
//!
//! - `args`: `--json`, `--quick`, `--rounds`.
//! - `rounds`: the order of the measurements, and the median of their results.
//! - `ratio`, `contender`: a measured value relative to another.
//! - `number`, `table`, `progress`: the output.
//! - `machine`: CPUs, operating system, versions.
//! - `child`: child processes with a time limit.

mod args;
mod child;
mod contender;
mod machine;
mod number;
mod progress;
mod ratio;
mod rounds;
mod table;

pub use args::BenchArgs;
pub use child::{KillOnDrop, output_within};
pub use contender::{Contender, measure_ratios};
pub use machine::{Machine, python};
pub use number::format_number;
pub use progress::Progress;
pub use ratio::{Ratio, ratio_table};
pub use rounds::{median, median_ratio, turns};
pub use table::{Column, table};
