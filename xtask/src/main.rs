//! `cargo xtask …`: runs a command and turns its result into an exit status.

use std::io;
use std::process::ExitCode;

use anyhow::Result;
use launcher::launch::exec_if_asked;
use xtask::exercise::UnknownExercise;
use xtask::exit::{exit_code, parse};
use xtask::flags::{Command, Flags};
use xtask::lanes;
use xtask::lanes::scenarios::UnknownScenario;
use xtask::lessons::UnknownLesson;
use xtask::supervisor::Supervisor;
use xtask::{
    book, exercise, list, measure, new, orders, play, readme, review, run_all, test, try_lesson, waterfall,
};

fn main() -> ExitCode {
    exec_if_asked();
    let command = parse::<Flags>().command;
    exit_code(
        |supervisor| run(command, supervisor),
        |error| error.is::<UnknownLesson>() || error.is::<UnknownScenario>() || error.is::<UnknownExercise>(),
    )
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
        Command::Book(options) => book::run(&options, supervisor),
        Command::New(options) => new::run(&options, supervisor).map(|()| true),
    }
}
