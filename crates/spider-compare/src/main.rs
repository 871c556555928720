//! Downloads twenty pictures one after the other, with processes and with threads, and compares the times.
//!
//! Exit status: 0; 1 if something failed; 2 for a wrong command line; 128 plus the signal's number after a signal.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Error, Result};
use clap::Parser;
use spider_compare::args::{self, Args};
use spider_compare::cancel::{CancelToken, Cancelled};
use spider_compare::compare;
use spider_compare::strategies::process::worker;

const FAILURE: u8 = 1;
const USAGE_ERROR: u8 = 2;
/// Shells report the death by a signal as this plus the signal's number.
const SIGNAL_BASE: i32 = 128;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) if error.use_stderr() => return fail(&args::one_line(&error), USAGE_ERROR),
        Err(help) => {
            // If standard output is closed, nobody needs the help.
            let _ = help.print();
            return ExitCode::SUCCESS;
        }
    };
    match run(&args) {
        Ok(status) => status,
        Err(error) if error.downcast_ref() == Some(&Cancelled::BrokenPipe) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("{error:#}"), status_of(&error)),
    }
}

fn run(args: &Args) -> Result<ExitCode> {
    if let Some([job, folder]) = args.download_one.as_deref() {
        return worker::run(job, folder.as_ref()).map(|()| ExitCode::SUCCESS);
    }
    if let Some(options) = &args.serve_gallery {
        return gallery::serve(options).map(|()| ExitCode::SUCCESS);
    }
    let runs = compare::run(args, &CancelToken::on_signals()?)?;
    let failed: usize = runs.iter().map(|run| run.tally.failed).sum();
    if failed == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    let hint = if args.json { "run without --json to see why" } else { "see above" };
    Ok(fail(&format!("{failed} downloads failed; {hint}"), FAILURE))
}

fn status_of(error: &Error) -> u8 {
    match error.downcast_ref() {
        Some(Cancelled::Signal(signal)) => u8::try_from(SIGNAL_BASE + signal).unwrap_or(FAILURE),
        _ => FAILURE,
    }
}

/// Prints one line to standard error. If that is closed, the exit status has to do.
fn fail(message: &str, status: u8) -> ExitCode {
    let _ = io::stderr().write_all(format!("spider-compare: {message}\n").as_bytes());
    ExitCode::from(status)
}
