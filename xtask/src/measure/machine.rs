//! The machine that the figures are measured on.

use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result};

/// Returns the date, the machine and the versions in one line. Figures measured with `--quick` are marked as such.
pub(super) fn in_a_line(quick: bool) -> Result<String> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let system = output_of("uname", &["-srm"]).context("cannot run `uname`")?;
    let rustc = output_of("rustc", &["--version"]).context("cannot run `rustc --version`")?;
    let rustc: Vec<&str> = rustc.split(' ').take(2).collect();
    let python = output_of("python3", &["--version"]).unwrap_or_else(|| "no Python".to_owned());
    let date = output_of("date", &["-u", "+%Y-%m-%d"]).context("cannot run `date`")?;
    let quick = if quick { ", measured with --quick" } else { "" };
    let plural = if cores == 1 { "" } else { "s" };
    Ok(format!("Measured on {date}: {cores} core{plural}, {system}, {}, {python}{quick}.", rustc.join(" ")))
}

fn output_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}
