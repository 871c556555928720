//! From the result of a command to an exit status.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use std::{env, process, thread};

use anyhow::{Context, Result};
use clap::Parser;
use signal_hook::consts::SIGPIPE;

use crate::supervisor::Supervisor;

/// Parses the arguments. If they ask for the help, or are wrong, prints that and ends the process.
#[must_use]
pub fn parse<T: Parser>() -> T {
    T::try_parse().unwrap_or_else(|message| match message.print() {
        Err(error) if !message.use_stderr() && error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = writeln!(io::stderr(), "error: {error}");
            process::exit(1)
        }
        _ => process::exit(message.exit_code()),
    })
}

/// Runs a command: `Ok(false)` if it worked, but what it ran or checked failed. Prints its error, except when standard
/// output was closed (`| head -1`). Those that `is_invalid_argument` returns true for have the exit status 2.
pub fn exit_code(
    command: impl FnOnce(&Arc<Supervisor>) -> Result<bool>,
    is_invalid_argument: impl FnOnce(&anyhow::Error) -> bool,
) -> ExitCode {
    let supervisor = match Supervisor::install_signal_handler() {
        Ok(supervisor) => supervisor,
        Err(error) => return fail(&error.into(), false),
    };
    // All commands need it, and the errors of what they start do not name it.
    let here = env::current_dir().context("cannot find the current folder; change to one that exists");
    let result = here.and_then(|_| command(&supervisor));
    if result.is_err() {
        // Ctrl-C may have ended a child process before its handler here has run.
        thread::sleep(Duration::from_millis(50));
    }
    // Checked first: the errors that follow from killed processes are of no interest.
    if let Some(signal) = supervisor.signal() {
        return killed_by(signal);
    }
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let is_invalid = is_invalid_argument(&error);
            fail(&error, is_invalid)
        }
    }
}

fn fail(error: &anyhow::Error, is_invalid_argument: bool) -> ExitCode {
    if is_broken_pipe(error) {
        return killed_by(SIGPIPE);
    }
    // If standard error is closed too, nothing can be done. The error may quote cargo, which may print in colour.
    let _ = writeln!(anstream::stderr(), "error: {error:#}");
    if is_invalid_argument { ExitCode::from(2) } else { ExitCode::FAILURE }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// The exit status that a shell reports for a program killed by this signal.
fn killed_by(signal: i32) -> ExitCode {
    ExitCode::from(u8::try_from(128 + signal).unwrap_or(u8::MAX))
}
