//! `cargo xtask measure`: measures every figure that the pages show.
//!
//! The benchmarks and tests of the lessons do the measuring (`steps`); their figures are collected here.

mod busy;
mod steps;

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bench_support::Machine;
use comfy_table::{Table, presets};
use indicatif::{ProgressBar, ProgressStyle};

use crate::flags::Measure;
use crate::lessons;
use crate::readme;
use crate::record::{KINDS, Record};
use crate::supervisor::Supervisor;
use steps::{Step, steps};

/// Measures, and prints a table of each kind.
///
/// # Errors
/// If a benchmark or a test fails, the machine is too busy for figures to be written, the pages cannot be written, standard
/// output is closed, or the supervisor has stopped.
pub fn run(options: &Measure, supervisor: &Supervisor) -> Result<()> {
    let root = lessons::root()?;
    let wanted = |kind: &&str| options.kinds.is_empty() || options.kinds.iter().any(|wanted| wanted == kind);
    let kinds: Vec<&str> = KINDS.into_iter().filter(wanted).collect();
    let steps = steps(&kinds, options.quick);
    // Read before measuring, so that an error does not cost minutes.
    let record = if options.write { Some(Record::read(&root)?) } else { None };
    let (measured, share) = measure(steps, supervisor)?;
    let measured_on = measured_on(options.quick)?;
    // The recorded figures of a kind that cannot be measured here do not change.
    let measured_kinds = kinds.iter().filter(|kind| measured.table(kind).is_some());
    let measured_on = measured_kinds.map(|&kind| (kind.to_owned(), measured_on.clone())).collect();
    let measured = Record { measured_on, ..measured };
    show(&mut io::stdout().lock(), options.json, &measured, &kinds)?;
    if let Some(warning) = busy::warning(share) {
        ensure!(record.is_none(), "nothing was written: {warning}");
        writeln!(io::stderr(), "warning: {warning}")?;
    }
    if let Some(mut record) = record {
        record.update(measured);
        record.write(&root)?;
        readme::regenerate(&root)?;
    }
    Ok(())
}

/// Returns a line with the machine, the versions and the date. It marks what was measured with `--quick`.
fn measured_on(quick: bool) -> Result<String> {
    let quick = if quick { ", measured with --quick" } else { "" };
    Ok(format!("Measured on {}{quick}.", Machine::describe(&[])?))
}

fn show(out: &mut impl Write, json: bool, measured: &Record, kinds: &[&str]) -> Result<()> {
    if json {
        // As an I/O error: `main` recognises a closed pipe by it.
        serde_json::to_writer_pretty(&mut *out, measured).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        print(out, measured, kinds)?;
    }
    Ok(out.flush()?)
}

/// Runs one step after the other: concurrently they would slow down each other. Also returns the least share of the CPU time
/// that was free before or after a step.
fn measure(steps: Vec<Step>, supervisor: &Supervisor) -> Result<(Record, f64)> {
    let style =
        ProgressStyle::with_template("{pos}/{len} [{elapsed}] {wide_msg}").context("invalid template")?;
    let bar = ProgressBar::new(steps.len() as u64).with_style(style);
    bar.enable_steady_tick(Duration::from_secs(1));
    let mut record = Record::default();
    let mut share = busy::free_share()?;
    for step in steps {
        let kinds = step.kinds.join(", ");
        let message = format!("measuring {kinds}");
        if io::stderr().is_terminal() {
            bar.set_message(message);
        } else {
            writeln!(io::stderr(), "{message}")?;
        }
        let measured = step.run(supervisor).context(kinds)?;
        record.ratios.extend(measured.ratios);
        record.counts.extend(measured.counts);
        share = share.min(busy::free_share()?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    ensure!(!supervisor.has_stopped(), "interrupted");
    Ok((record, share))
}

fn print(out: &mut impl Write, measured: &Record, kinds: &[&str]) -> Result<()> {
    for kind in kinds {
        let Some(table) = measured.table(kind) else {
            writeln!(out, "{kind}: cannot be measured here\n")?;
            continue;
        };
        let mut layout = Table::new();
        layout.load_preset(presets::NOTHING).add_rows(table);
        layout.column_iter_mut().for_each(|column| {
            column.set_padding((0, 2));
        });
        writeln!(out, "==> {kind} <==\n{}\n", layout.trim_fmt())?;
    }
    if let Some(machine) = measured.measured_on.values().next() {
        writeln!(out, "{machine}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_an_io_error_in_both_forms() {
        let (reader, mut closed) = io::pipe().expect("a pipe");
        drop(reader);
        for json in [true, false] {
            let error = show(&mut closed, json, &Record::default(), &["start"]).expect_err("it is closed");
            let error = error.downcast::<io::Error>().expect("an I/O error");
            assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
        }
    }
}
