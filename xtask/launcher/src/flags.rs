//! The command line of `cargo xtask run-all`.

use std::num::NonZeroUsize;
use std::time::Duration;

use clap::{Args, Parser};

/// The only command that is not in the package `xtask`.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask")]
#[expect(missing_docs, reason = "it is documented by its arguments, which clap shows as its help")]
pub enum Flags {
    RunAll(RunAll),
}

/// Run the lessons concurrently and print their output in lesson order
///
/// A lesson runs as soon as it is built. If one does not compile, the run ends.
///
/// A lesson fails if its exit status is not 0, if it reaches the time limit, if it leaves a process behind, or if it
/// cannot be started. The time in the last line begins with the first lesson.
///
/// Of an output of more than 4 MiB, the middle is omitted. Each lesson has a folder of its own for temporary files
/// (TMPDIR), which is removed when it has ended. On Linux, the lessons are killed if run-all is killed.
///
/// Exit status: 0 on success; 1 if a lesson failed or does not compile; 2 for an invalid argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct RunAll {
    /// The lessons to run [default: all]
    #[arg(value_name = "LESSON")]
    pub lessons: Vec<String>,

    /// Run at most N lessons at the same time [default: all, since lessons mostly sleep]
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,

    /// Kill a lesson and its child processes after this time
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub timeout: Duration,

    /// Print the output of failed lessons only
    #[arg(long, short, conflicts_with = "json")]
    pub quiet: bool,

    /// Print JSON, one object a line: each lesson, then the totals
    #[arg(long)]
    pub json: bool,
}

/// A positive number of seconds.
fn seconds(argument: &str) -> Result<Duration, String> {
    let seconds: f64 = argument.parse().map_err(|_| "not a number of seconds")?;
    let time = Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())?;
    if time.is_zero() { Err("must be more than 0".to_owned()) } else { Ok(time) }
}
