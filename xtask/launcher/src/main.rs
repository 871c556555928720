//! `cargo xtask …`: runs the lessons, or builds and starts the program of all other commands.

use std::convert::Infallible;
use std::env;
use std::os::unix::process::CommandExt;
use std::process::{self, ExitCode};

use anyhow::{Context, Result, ensure};
use launcher::executables::{build_program, build_tests};
use launcher::exit::{exit_code, parse};
use launcher::flags::Flags;
use launcher::launch::exec_if_asked;
use launcher::lessons::UnknownLesson;
use launcher::run_all;
use launcher::status_line::StatusLine;
use launcher::supervisor::Supervisor;
use process_groups::signals;

fn main() -> ExitCode {
    exec_if_asked();
    if env::args_os().nth(1).is_none_or(|command| command != "run-all") {
        return exit_code(|supervisor| replace_by_xtask(supervisor).map(|never| match never {}), |_| false);
    }
    let Flags::RunAll(options) = parse();
    exit_code(|supervisor| run_all::run(&options, supervisor), anyhow::Error::is::<UnknownLesson>)
}

/// Becomes the program of all other commands, which is built first.
fn replace_by_xtask(supervisor: &Supervisor) -> Result<Infallible> {
    let args: Vec<_> = env::args_os().skip(1).collect();
    let program = if args == ["test"] {
        // With all tests: by itself it would be built with other features, and what it needs twice.
        let mut programs = build_tests(supervisor)?.programs.into_values();
        programs.find(|program| program.ends_with("xtask")).context("the package xtask has no program")?
    } else {
        let status = StatusLine::new();
        status.building("building the package xtask".to_owned());
        build_program("xtask", supervisor, &status)?
    };
    ensure!(!supervisor.has_stopped() && signals::hand_over(), "interrupted");
    let error = process::Command::new(&program).args(args).exec();
    Err(error).with_context(|| format!("cannot run {}", program.display()))
}
