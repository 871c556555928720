//! Twenty pictures: one after the other, a process for each, a thread for each. Which is faster, and why?
//!
//! It re-teaches the last program of the Python course, its spider. This file has the exit statuses: 0, 1 when
//! something could not be had, 2 for a wrong command line.

use std::env;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use spider_compare::command_line::{Arguments, Refusal};
use spider_compare::report::NobodyReads;
use spider_compare::{child, comparison};

const FAILED: u8 = 1;
const WRONG_COMMAND_LINE: u8 = 2;

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
        Err(error) => complain(&format!("{error:#}"), FAILED),
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    if let Some(image) = &arguments.download_one {
        return Ok(ExitCode::from(child::download_one(image)?));
    }
    let all = comparison::run(arguments)?;
    let failed: usize = all.iter().map(|totals| totals.failed).sum();
    if failed == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    Ok(complain(&format!("{failed} could not be downloaded; the lines above say why"), FAILED))
}

/// One line on standard error. That nobody may be there to read it changes nothing.
fn complain(why: &str, status: u8) -> ExitCode {
    let _ = std::io::stderr().write_all(format!("spider-compare: {why}\n").as_bytes());
    ExitCode::from(status)
}
