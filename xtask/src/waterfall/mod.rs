//! `cargo xtask waterfall`: draws every request of the spider as a bar in time, so that strategies can be compared by eye.

mod caption;
mod panel;
mod phase;
mod picture;
mod scale;
mod trace;
mod units;

#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::cargo;
use crate::status_line::StatusLine;
use crate::supervisor::{BUILD_LIMIT, Supervisor};
use crate::svg::OutputFile;
use trace::Trace;

/// The package whose requests are drawn.
const SPIDER: &str = "spider-compare";

/// Draw every request of spider-compare as a bar in time, a panel for each strategy, all on one time scale.
///
/// Without TRACE, it builds spider-compare in release mode, runs all strategies on its own gallery, and draws that run.
///
/// Exit status: 0, 1 when the run has failed or a file cannot be read or written, 2 for a wrong argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Waterfall {
    /// The trace to draw, as `spider-compare --trace TRACE` writes it [default: that of a new run]
    #[arg(value_name = "TRACE")]
    pub trace: Option<PathBuf>,

    /// The file to write the picture to
    #[arg(long, value_name = "FILE")]
    pub svg: PathBuf,

    /// The latency of the gallery in a new run, 0 to 10000
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 50, conflicts_with = "trace")]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub latency: u32,
}

/// Draws the trace that `options` name, or that of a new run.
///
/// # Errors
/// If a file cannot be read or written, the trace is not one, the spider cannot be built or fails, or the run was
/// interrupted.
pub fn run(options: &Waterfall, supervisor: &Supervisor) -> Result<()> {
    let picture = OutputFile::create(&options.svg)?;
    let traces = match &options.trace {
        Some(path) => read(path)?,
        None => run_spider(options.latency, supervisor)?,
    };
    picture.write(&picture::draw(&traces))
}

fn read(path: &Path) -> Result<Vec<Trace>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    trace::parse(&text).with_context(|| format!("cannot draw {}", path.display()))
}

/// Builds the spider, runs all its strategies, and returns their traces. Images and traces are in a temporary directory,
/// which is removed however the run ends.
fn run_spider(latency: u32, supervisor: &Supervisor) -> Result<Vec<Trace>> {
    let folder = tempfile::tempdir().context("cannot create a temporary directory")?;
    let trace = folder.path().join("trace.jsonl");
    let mut spider = cargo();
    spider.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        SPIDER,
        "--",
        "--latency",
        &latency.to_string(),
    ]);
    spider.arg("--trace").arg(&trace).arg("--out").arg(folder.path().join("images"));
    let status_line = StatusLine::new();
    status_line.started(0, SPIDER);
    let ended = supervisor.run(spider, BUILD_LIMIT)?;
    drop(status_line);
    if !ended.status.success() {
        io::stderr().write_all(&ended.output)?;
    }
    ensure!(ended.status.success(), "{SPIDER} failed: {}", ended.status);
    read(&trace)
}
