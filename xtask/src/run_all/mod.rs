//! `cargo xtask run-all`: builds the lessons, runs them side by side, and prints them in order.

use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

mod report;

use anstream::{AutoStream, ColorChoice};
use anyhow::Result;
use clap::Args;

use crate::concurrent::{self, Limits, Program};
use crate::lessons::Lesson;
use crate::status_line::StatusLine;
use crate::supervisor::Supervisor;
use crate::{executables, lessons};
use report::{Form, Report};

/// Run the lessons side by side and print each one's output, in lesson order.
///
/// A lesson fails when its exit status is not 0, when it is still running after the time limit, when it leaves
/// a process behind, or when it cannot be started. The closing line's time is that of the run, without the build.
///
/// Exit status: 0, 1 when a lesson failed or does not compile, 2 for a wrong argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct RunAll {
    /// The lessons to run [default: all of them]
    #[arg(value_name = "LESSON")]
    lessons: Vec<String>,

    /// How many lessons run at once [default: all, since lessons mostly sleep]
    #[arg(long, short, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// End a lesson, with all that it started, after this time
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    timeout: Duration,

    /// Print the output of failed lessons only
    #[arg(long, short, conflicts_with = "json")]
    quiet: bool,

    /// Print one JSON object a line: each lesson, then the totals
    #[arg(long)]
    json: bool,
}

/// Runs what `options` choose. False when a lesson has failed.
///
/// # Errors
/// When a lesson is unknown or cannot be built, nobody reads what is printed, or the run was interrupted.
pub fn run(options: &RunAll, supervisor: &Supervisor) -> Result<bool> {
    let chosen = lessons::choose(lessons::all()?, &options.lessons)?;
    let paths = executables::build(&chosen, options.quiet, supervisor)?;
    let limits = Limits { jobs: options.jobs.unwrap_or(NonZeroUsize::MAX), timeout: options.timeout };
    let mut report = Report::new(io::stdout().lock(), options.form());
    let live = StatusLine::new();
    let start = Instant::now();
    let finished =
        concurrent::run_concurrently(programs(&chosen, paths), limits, supervisor, &live, |lesson| {
            live.suspend(|| report.lesson(lesson))
        })?;
    let took = start.elapsed();
    drop(live);
    report.totals(&finished, took)?;
    Ok(finished.iter().all(concurrent::Finished::passed))
}

fn programs(lessons: &[Lesson], paths: Vec<PathBuf>) -> Vec<Program> {
    let program = |(lesson, path): (&Lesson, _)| Program {
        name: lesson.name.clone(),
        command: Command::new::<PathBuf>(path),
    };
    lessons.iter().zip(paths).map(program).collect()
}

impl RunAll {
    fn form(&self) -> Form {
        if self.json {
            return Form::Json;
        }
        let colour = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        Form::Text { quiet: self.quiet, colour }
    }
}

/// A time limit: seconds, more than none.
fn seconds(argument: &str) -> Result<Duration, String> {
    let seconds: f64 = argument.parse().map_err(|_| "not a number of seconds")?;
    let time = Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())?;
    if time.is_zero() {
        return Err("no time at all".to_owned());
    }
    Ok(time)
}
