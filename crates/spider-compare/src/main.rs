//! Twenty pictures: one after the other, by processes, by threads. Which is fastest, and why?
//!
//! It re-teaches the last program of the Python course, its spider. This file has the exit statuses: 0, 1 when
//! something could not be had, 2 for a wrong command line, and 128 and the signal's number when one has stopped it.

use std::env;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use spider_compare::command_line::{Arguments, Refusal};
use spider_compare::stop::{Stop, Stopped};
use spider_compare::voice::NobodyReads;
use spider_compare::{child, comparison};

const FAILED: u8 = 1;
const WRONG_COMMAND_LINE: u8 = 2;
/// What a shell adds to a signal's number.
const BY_A_SIGNAL: i32 = 128;

fn main() -> ExitCode {
    let arguments = match Arguments::read(env::args_os()) {
        Ok(arguments) => arguments,
        Err(Refusal::Help(help)) => {
            // Somebody who has stopped reading the help wants no message about it either.
            let _ = std::io::stdout().write_all(help.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(Refusal::Wrong(why)) => return complain(&why, WRONG_COMMAND_LINE),
    };
    match run(&arguments) {
        Ok(status) => status,
        Err(error) if error.is::<NobodyReads>() => ExitCode::SUCCESS,
        Err(error) => complain(&format!("{error:#}"), status_of(&error)),
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    if let Some([order, folder]) = arguments.download_one.as_deref() {
        return child::download_one(order, folder).map(|()| ExitCode::SUCCESS);
    }
    if let Some(options) = &arguments.serve_gallery {
        return gallery::serve(options).map(|()| ExitCode::SUCCESS);
    }
    let all = comparison::run(arguments, &Stop::at_signals()?)?;
    let failed: usize = all.iter().map(|figures| figures.failed).sum();
    if failed == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    let why = if arguments.json { "without --json, lines say why" } else { "the lines above say why" };
    Ok(complain(&format!("{failed} could not be had; {why}"), FAILED))
}

fn status_of(error: &anyhow::Error) -> u8 {
    match error.downcast_ref() {
        Some(Stopped::Signal(signal)) => u8::try_from(BY_A_SIGNAL + signal).unwrap_or(FAILED),
        _ => FAILED,
    }
}

/// One line on standard error. That nobody may be there to read it changes nothing.
fn complain(why: &str, status: u8) -> ExitCode {
    let _ = std::io::stderr().write_all(format!("spider-compare: {why}\n").as_bytes());
    ExitCode::from(status)
}
