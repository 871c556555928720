//! `cargo xtask …`: runs a command and turns its result into an exit status.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use signal_hook::consts::SIGPIPE;
use xtask::exercise::UnknownExercise;
use xtask::flags::{Command, Flags};
use xtask::lanes;
use xtask::lanes::scenarios::UnknownScenario;
use xtask::lessons::UnknownLesson;
use xtask::supervisor::Supervisor;
use xtask::{
    book, exercise, list, measure, new, orders, play, readme, review, run_all, test, try_lesson, waterfall,
};

fn main() -> ExitCode {
    let flags = Flags::parse();
    let supervisor = match Supervisor::install_signal_handler() {
        Ok(supervisor) => supervisor,
        Err(error) => return fail(&error.into()),
    };
    let result = run(flags.command, &supervisor);
    // Checked first: the errors that follow from killed processes are of no interest.
    if let Some(signal) = supervisor.signal() {
        return killed_by(signal);
    }
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => fail(&error),
    }
}

/// Runs the command. False if the command worked, but what it ran or checked failed.
fn run(command: Command, supervisor: &Supervisor) -> Result<bool> {
    match command {
        Command::RunAll(options) => run_all::run(&options, supervisor),
        Command::List => list::run(io::stdout().lock()).map(|()| true),
        Command::Lanes(options) => lanes::run(&options, supervisor),
        Command::Waterfall(options) => waterfall::run(&options, supervisor).map(|()| true),
        Command::Orders(options) => orders::run(&options, supervisor),
        Command::Play(_) => play::run(),
        Command::Try(options) => try_lesson::run(&options, supervisor),
        Command::Exercise(options) => exercise::run(&options, supervisor),
        Command::Measure(options) => measure::run(&options, supervisor).map(|()| true),
        Command::Review(options) => review::run(&options, supervisor),
        Command::Test => test::run(supervisor),
        Command::Readme(options) => readme::run(&options),
        Command::Book => book::run(supervisor).map(|()| true),
        Command::New(options) => new::run(&options, supervisor).map(|()| true),
    }
}

/// Prints the error, except when standard output was closed (`| head -1`).
fn fail(error: &anyhow::Error) -> ExitCode {
    if is_broken_pipe(error) {
        return killed_by(SIGPIPE);
    }
    // If standard error is closed too, nothing can be done.
    let _ = writeln!(io::stderr(), "error: {error:#}");
    let invalid_argument =
        error.is::<UnknownLesson>() || error.is::<UnknownScenario>() || error.is::<UnknownExercise>();
    if invalid_argument { ExitCode::from(2) } else { ExitCode::FAILURE }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// The exit status that a shell reports for a program killed by this signal.
fn killed_by(signal: i32) -> ExitCode {
    ExitCode::from(u8::try_from(128 + signal).unwrap_or(u8::MAX))
}
