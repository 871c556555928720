//! `cargo xtask run-all`: builds the lessons, runs each as soon as it is built, and prints them in order.

mod report;

use std::num::NonZeroUsize;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::concurrent::{Finished, Limits, Program, run_concurrently};
use crate::flags::RunAll;
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
    let limits = Limits { jobs: options.jobs.unwrap_or(NonZeroUsize::MAX), timeout: options.timeout };
    let report = Report { json: options.json, quiet: options.quiet };
    let status = StatusLine::new();
    let start = OnceLock::new();
    let (senders, programs): (Vec<_>, Vec<_>) = chosen
        .iter()
        .map(|lesson| {
            let (sender, command) = mpsc::channel();
            (sender, Program { name: lesson.name.clone(), command })
        })
        .unzip();
    let (built, finished) = thread::scope(|scope| {
        let build = scope.spawn(|| {
            let started = |number: usize, path: &_| {
                start.get_or_init(Instant::now);
                // The receiver is gone if the run has failed.
                let _ = senders[number].send(Command::new(path));
            };
            let built = executables::build_lessons(&chosen, options.quiet, supervisor, &status, started);
            // What was not built is not waited for.
            drop(senders);
            // If the run has failed first, that is why the build has ended.
            if supervisor.has_stopped() { Ok(false) } else { built.inspect_err(|_| supervisor.stop()) }
        });
        let print = |lesson: &Finished| status.suspend(|| report.lesson(lesson));
        let finished = run_concurrently(programs, limits, supervisor, &status, print);
        (build.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), finished)
    });
    drop(status);
    let (with_builds, finished) = (built?, finished?);
    report.totals(&finished, with_builds, start.get().map_or(Duration::ZERO, Instant::elapsed))?;
    Ok(finished.iter().all(Finished::passed))
}
