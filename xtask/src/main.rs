//! `cargo xtask …`: the commands, and the exit status that each ends with.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use signal_hook::consts::SIGPIPE;
use xtask::book;
use xtask::lanes::scenarios::UnknownScenario;
use xtask::lanes::{self, Lanes};
use xtask::lessons::{self, UnknownLesson};
use xtask::measure::{self, Measure};
use xtask::new::{self, InvalidName, New};
use xtask::orders::{self, Orders};
use xtask::readme::{self, Readme};
use xtask::review::{self, Review};
use xtask::run_all::{self, RunAll};
use xtask::supervisor::Supervisor;
use xtask::try_lesson::{self, Try};
use xtask::waterfall::{self, Waterfall};

/// The commands of this workspace.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    RunAll(RunAll),
    /// List the lessons with their one-line descriptions.
    List,
    Lanes(Lanes),
    Waterfall(Waterfall),
    Orders(Orders),
    Measure(Measure),
    Readme(Readme),
    /// Put the pages together as a book, and let mdBook build it.
    Book,
    Review(Review),
    Try(Try),
    New(New),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let supervisor = match Supervisor::install_signal_handler() {
        Ok(supervisor) => supervisor,
        Err(error) => return fail(&error.into()),
    };
    let end = perform(arguments.command, &supervisor);
    // First of all: what a signal has cut off fails in its own ways, and none of them is worth a word.
    if let Some(signal) = supervisor.signal() {
        return by_signal(signal);
    }
    match end {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => fail(&error),
    }
}

/// Carries the command out. False when it ran as it should, and what it ran failed.
fn perform(command: Command, supervisor: &Supervisor) -> Result<bool> {
    match command {
        Command::RunAll(options) => run_all::run(&options, supervisor),
        Command::List => lessons::list(io::stdout().lock()).map(|()| true),
        Command::Lanes(options) => lanes::run(&options, supervisor),
        Command::Waterfall(options) => waterfall::run(&options, supervisor).map(|()| true),
        Command::Orders(options) => orders::run(&options, supervisor),
        Command::Measure(options) => measure::run(&options, supervisor).map(|()| true),
        Command::Book => book::run(supervisor).map(|()| true),
        Command::Readme(options) => readme::run(&options),
        Command::Review(options) => review::run(&options).map(|()| true),
        Command::Try(options) => try_lesson::run(&options, supervisor),
        Command::New(options) => new::run(&options, supervisor).map(|()| true),
    }
}

/// Tells what went wrong, unless that is a reader who has had enough (`| head -1`).
fn fail(error: &anyhow::Error) -> ExitCode {
    if is_broken_pipe(error) {
        return by_signal(SIGPIPE);
    }
    // When standard error is closed too, there is nobody left to tell.
    let _ = writeln!(io::stderr(), "error: {error:#}");
    let wrong_argument =
        error.is::<UnknownLesson>() || error.is::<UnknownScenario>() || error.is::<InvalidName>();
    if wrong_argument { ExitCode::from(2) } else { ExitCode::FAILURE }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// The exit status by which a shell tells that a signal ended a program.
fn by_signal(signal: i32) -> ExitCode {
    ExitCode::from(u8::try_from(128 + signal).unwrap_or(u8::MAX))
}
