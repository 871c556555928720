//! `cargo xtask measure`: every figure that the pages show, measured on the reader's own machine.
//!
//! Each lesson measures itself, by its benchmark or its tests (`steps`); here their figures come together.

mod machine;
mod steps;

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use unicode_width::UnicodeWidthStr;

use crate::lessons;
use crate::readme;
use crate::record::Record;
use crate::supervisor::Supervisor;
use steps::{KINDS, Step, steps};

/// Measure on this machine what the pages say about cost and about luck.
///
/// start: to start a thread or a process, and to wait for it. memory: what one takes that waits. cpu: whether two are
/// faster than one. counter: two threads that count together. luck: how often real runs look as if an order were
/// promised. mistakes: how often the programs in wrong/ show theirs. connection, spider: from the benchmarks of pipe-ipc
/// and spider-compare. It takes less than four minutes, after the programs have been built; Python has its turn where there is
/// a `python3`.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Measure {
    /// What to measure [default: all of it]
    #[arg(value_name = "KIND", value_parser = KINDS)]
    kinds: Vec<String>,

    /// Some forty seconds: whether it works, not how much
    #[arg(long)]
    quick: bool,

    /// Print every figure as one JSON object
    #[arg(long)]
    json: bool,

    /// Put the figures in the place of those that the pages show
    #[arg(long)]
    write: bool,
}

/// Measures, and prints a table of each kind.
///
/// # Errors
/// When a benchmark or a test fails, or was ended; when the pages cannot be written; or nobody reads what is printed.
pub fn run(options: &Measure, supervisor: &Supervisor) -> Result<()> {
    let root = lessons::root()?;
    let wanted = |kind: &&str| options.kinds.is_empty() || options.kinds.iter().any(|wanted| wanted == kind);
    let kinds: Vec<&str> = KINDS.into_iter().filter(wanted).collect();
    let steps = steps(&kinds, options.quick);
    // Before minutes have gone into what cannot be written.
    let record = if options.write { Some(Record::read(&root)?) } else { None };
    let measured = measure(steps, supervisor)?;
    let measured_on = machine::in_a_line(options.quick)?;
    // What cannot be measured here leaves the figures alone that are there.
    let there = kinds.iter().filter(|kind| measured.table(kind).is_some());
    let measured_on = there.map(|&kind| (kind.to_owned(), measured_on.clone())).collect();
    let measured = Record { measured_on, ..measured };
    show(options, &measured, &kinds)?;
    if let Some(mut record) = record {
        record.take_over(measured);
        record.write(&root)?;
        readme::regenerate(&root)?;
    }
    Ok(())
}

fn show(options: &Measure, measured: &Record, kinds: &[&str]) -> Result<()> {
    let mut out = io::stdout().lock();
    if options.json {
        serde_json::to_writer_pretty(&mut out, measured)?;
        writeln!(out)?;
    } else {
        print(&mut out, measured, kinds)?;
    }
    Ok(out.flush()?)
}

/// One step after the other: side by side they would measure each other.
fn measure(steps: Vec<Step>, supervisor: &Supervisor) -> Result<Record> {
    let style = ProgressStyle::with_template("{pos}/{len} [{elapsed}] {wide_msg}").context("a template")?;
    let bar = ProgressBar::new(steps.len() as u64).with_style(style);
    bar.enable_steady_tick(Duration::from_secs(1));
    let mut record = Record::default();
    for step in steps {
        let message = format!("measuring {}", step.kinds.join(", "));
        if io::stderr().is_terminal() {
            bar.set_message(message);
        } else {
            writeln!(io::stderr(), "{message}")?;
        }
        let what = step.kinds.join(", ");
        let measured = step.run(supervisor).context(what)?;
        record.ratios.extend(measured.ratios);
        record.counts.extend(measured.counts);
        bar.inc(1);
    }
    bar.finish_and_clear();
    ensure!(!supervisor.has_stopped(), "ended before its end");
    Ok(record)
}

fn print(out: &mut impl Write, measured: &Record, kinds: &[&str]) -> Result<()> {
    for kind in kinds {
        let Some(table) = measured.table(kind) else {
            writeln!(out, "{kind}: nothing can be measured here\n")?;
            continue;
        };
        let columns = table.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |column: usize| table.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        writeln!(out, "==> {kind} <==")?;
        for row in &table {
            let cells = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width()))));
            writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        writeln!(out)?;
    }
    if let Some(place) = measured.measured_on.values().next() {
        writeln!(out, "{place}")?;
    }
    Ok(())
}
