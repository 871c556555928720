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
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::cargo::cargo;
use crate::flags::Waterfall;
use crate::status_line::StatusLine;
use crate::supervisor::{BUILD_LIMIT, Supervisor};
use crate::svg::OutputFile;
use trace::Trace;

/// The package whose requests are drawn.
const SPIDER: &str = "spider-compare";

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
