//! Downloads the pictures of a gallery with one or all of five strategies, and compares them.
//!
//! Exit status: 0 if every picture was downloaded, or if standard output was closed early; 1 if something failed; 2 for a
//! wrong command line; 128 plus the signal's number after a signal.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Error, Result, bail};
use clap::Parser;
use spider_compare::args::{self, Args};
use spider_compare::cancel::{CancelToken, Cancelled};
use spider_compare::compare;
use spider_compare::strategies::process::worker;
use spider_compare::text::redacted;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) if error.use_stderr() => return fail(&args::one_line(&error), 2),
        Err(help) => match help.print() {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return fail(&error.to_string(), 1),
            // If standard output is closed, the help is not needed.
            _ => return ExitCode::SUCCESS,
        },
    };
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.downcast_ref() == Some(&Cancelled::BrokenPipe) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("{error:#}"), status_of(&error)),
    }
}

fn run(args: &Args) -> Result<()> {
    if let Some(folder) = &args.download_one {
        return worker::run(folder);
    }
    if let Some(options) = &args.serve_gallery {
        return gallery::serve(options);
    }
    let cancel = CancelToken::on_signals()?;
    let result = compare::run(args, &cancel);
    // After a cancellation, any error may be a consequence of it.
    cancel.check()?;
    let failed = result?;
    if failed > 0 {
        let hint = if args.json { "run without --json to see why" } else { "see above" };
        bail!("{failed} downloads failed; {hint}");
    }
    Ok(())
}

/// Returns the exit status. After a signal, it is the one that a shell reports for a process killed by that signal.
fn status_of(error: &Error) -> u8 {
    match error.downcast_ref() {
        Some(Cancelled::Signal(signal)) => u8::try_from(128 + signal).unwrap_or(1),
        _ => 1,
    }
}

/// Prints one line to standard error, without passwords. If that is closed, only the exit status remains.
fn fail(message: &str, status: u8) -> ExitCode {
    let _ = io::stderr().write_all(format!("error: {}\n", redacted(message)).as_bytes());
    ExitCode::from(status)
}
