//! `cargo xtask run-all`: builds the lessons, runs them concurrently, and prints them in order.

mod report;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::Result;

use crate::concurrent::{Finished, Limits, Program, run_concurrently};
use crate::flags::RunAll;
use crate::lessons::Lesson;
use crate::status_line::StatusLine;
use crate::supervisor::Supervisor;
use crate::{executables, lessons};
use report::Report;

/// Runs the lessons that `options` name. Returns false if one has failed.
///
/// # Errors
/// If a lesson is unknown or cannot be built, standard output is closed, or the supervisor has stopped.
pub fn run(options: &RunAll, supervisor: &Supervisor) -> Result<bool> {
    let chosen = lessons::choose(lessons::all()?, &options.lessons)?;
    let paths = executables::build(&chosen, options.quiet, supervisor)?;
    let limits = Limits { jobs: options.jobs.unwrap_or(NonZeroUsize::MAX), timeout: options.timeout };
    let report = Report { json: options.json, quiet: options.quiet };
    let status = StatusLine::new();
    let start = Instant::now();
    let finished = run_concurrently(programs(&chosen, paths), limits, supervisor, &status, |lesson| {
        status.suspend(|| report.lesson(lesson))
    })?;
    let took = start.elapsed();
    drop(status);
    report.totals(&finished, took)?;
    Ok(finished.iter().all(Finished::passed))
}

fn programs(lessons: &[Lesson], paths: Vec<PathBuf>) -> Vec<Program> {
    let program = |(lesson, path): (&Lesson, PathBuf)| Program {
        name: lesson.name.clone(),
        command: Command::new(path),
    };
    lessons.iter().zip(paths).map(program).collect()
}
