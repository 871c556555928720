//! Runs programs side by side, and hands them over in the order in which they were given.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroUsize;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use course_tests::run::process_group::{Ended, Group};
use parking_lot::Mutex;
use signal_hook::low_level::signal_name;

use crate::live::Live;
use crate::running::Running;

/// A program that is ready to be run.
#[derive(Debug)]
pub struct Program {
    /// What it is called in the report.
    pub name: String,
    /// How it is started. Its standard input will be empty, its two output streams one pipe.
    pub command: Command,
}

/// How many programs run at once, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The number of programs that run at the same time, at most.
    pub jobs: NonZeroUsize,
    /// After this time a program is ended, with all that it started.
    pub timeout: Duration,
}

/// A program that has been run.
#[derive(Debug)]
pub struct Finished {
    /// What it is called.
    pub name: String,
    /// What it printed, standard output and standard error in their real interleaving.
    pub output: Vec<u8>,
    /// Its exit status; `None` when a signal ended it, or it was never started.
    pub exit_status: Option<i32>,
    /// Why it has failed, in words. Empty when it has passed.
    pub failures: Vec<String>,
    /// From its start to its end.
    pub took: Duration,
}

impl Finished {
    /// Whether nothing was wrong with it.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Runs all `programs` and returns them in the order given. Each is also handed to `turn` in that order, as soon as it
/// and all before it have ended.
///
/// # Errors
/// The first error of `turn`, or that `running` was ended meanwhile. Either way nothing is running any more.
pub fn run(
    programs: Vec<Program>,
    limits: Limits,
    running: &Running,
    live: &Live,
    turn: impl FnMut(&Finished) -> io::Result<()>,
) -> Result<Vec<Finished>> {
    let count = programs.len();
    let workers = limits.jobs.get().min(count);
    let queue = Mutex::new(programs.into_iter().enumerate());
    let (tell, told) = mpsc::channel();
    let finished = thread::scope(|scope| {
        for _ in 0..workers {
            let (tell, queue) = (tell.clone(), &queue);
            scope.spawn(move || {
                while let Some((number, program)) = next(queue) {
                    let name = program.name.clone();
                    live.started(number, &name);
                    let finished = run_one(program, limits.timeout, running);
                    live.ended(number);
                    let Some(finished) = finished else { return };
                    // Nobody listens any more once `turn` has failed.
                    let _ = tell.send((number, finished));
                }
            });
        }
        drop(tell);
        // The scope waits for the workers: they must not have anything left to wait for.
        in_order(&told, turn).inspect_err(|_| running.end())
    })?;
    ensure!(finished.len() == count && !running.has_ended(), "ended before all had been run");
    Ok(finished)
}

fn next<T>(queue: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    queue.lock().next()
}

/// Hands the programs to `turn` by their numbers, whatever the order in which they are told.
fn in_order(
    told: &Receiver<(usize, Finished)>,
    mut turn: impl FnMut(&Finished) -> io::Result<()>,
) -> io::Result<Vec<Finished>> {
    let mut early = BTreeMap::new();
    let mut in_order = Vec::new();
    for (number, finished) in told {
        early.insert(number, finished);
        while let Some(finished) = early.remove(&in_order.len()) {
            turn(&finished)?;
            in_order.push(finished);
        }
    }
    Ok(in_order)
}

/// Runs one program to its end; `None` when it never came to that, because `running` was ended.
fn run_one(program: Program, timeout: Duration, running: &Running) -> Option<Finished> {
    let Program { name, mut command } = program;
    command.stdin(Stdio::null());
    let start = Instant::now();
    let ended = match running.start(|| {
        let group = Group::start(command)?;
        let id = group.id();
        Ok((group, move || id.kill()))
    }) {
        Ok(started) => {
            let (group, _entry) = started?;
            group.finish(timeout).map_err(|error| format!("cannot be waited for: {error}"))
        }
        Err(error) => Err(format!("cannot be started: {error}")),
    };
    let took = start.elapsed();
    if running.has_ended() {
        return None;
    }
    Some(match ended {
        Ok(ended) => finished(name, ended, timeout, took),
        Err(failure) => {
            Finished { name, output: Vec::new(), exit_status: None, failures: vec![failure], took }
        }
    })
}

fn finished(name: String, ended: Ended, timeout: Duration, took: Duration) -> Finished {
    let mut failures = Vec::new();
    if ended.timed_out {
        failures.push(format!("still running after {}s", timeout.as_secs_f64()));
    } else if !ended.status.success() {
        failures.push(in_words(ended.status));
    }
    if !ended.orphans.is_empty() {
        failures.push(format!("left a process behind ({})", ended.orphans.join(", ")));
    }
    Finished { name, output: ended.output, exit_status: ended.status.code(), failures, took }
}

fn in_words(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal().and_then(signal_name)) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("ended by {signal}"),
        (None, None) => status.to_string(),
    }
}
