//! Running several programs at the same time, with their output in order.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroUsize;
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use parking_lot::Mutex;
use process_groups::process_group::Ended;
use signal_hook::low_level::signal_name;

use crate::status_line::StatusLine;
use crate::supervisor::Supervisor;

/// A program to run.
#[derive(Debug)]
pub struct Program {
    /// Its name in the report.
    pub name: String,
    /// How to start it, once it is built. Its standard input will be empty, and both output streams one pipe.
    pub command: Receiver<Command>,
}

impl Program {
    /// Returns a program that is built.
    #[must_use]
    pub fn new(name: String, command: Command) -> Self {
        let (sender, receiver) = mpsc::channel();
        // The receiver is still there.
        let _ = sender.send(command);
        Self { name, command: receiver }
    }
}

/// How many programs run at the same time, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The maximum number of programs that run at the same time.
    pub jobs: NonZeroUsize,
    /// The time after which a program is killed with its child processes.
    pub timeout: Duration,
}

/// A program that has been run.
#[derive(Debug)]
pub struct Finished {
    /// Its name.
    pub name: String,
    /// Its standard output and standard error, interleaved as they were written.
    pub output: Vec<u8>,
    /// Its exit status; `None` if a signal killed it, or it could not be started.
    pub exit_status: Option<i32>,
    /// The reasons why it failed; empty if it passed.
    pub failures: Vec<String>,
    /// The time from its start to its end.
    pub took: Duration,
}

impl Finished {
    /// Returns whether it did not fail.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Runs all `programs` and returns them in the order given. `on_finished` is called in that order too, for each program as
/// soon as it and all before it have finished.
///
/// # Errors
/// The first error of `on_finished`, or that the supervisor has stopped, or that a program was not built. No program is
/// running then.
pub fn run_concurrently(
    programs: Vec<Program>,
    limits: Limits,
    supervisor: &Supervisor,
    status: &StatusLine,
    on_finished: impl FnMut(&Finished) -> io::Result<()>,
) -> Result<Vec<Finished>> {
    let count = programs.len();
    let queue = Mutex::new(programs.into_iter().enumerate());
    let (sender, receiver) = mpsc::channel();
    let finished = thread::scope(|scope| {
        for _ in 0..limits.jobs.get().min(count) {
            let (sender, queue) = (sender.clone(), &queue);
            scope.spawn(move || work(queue, limits.timeout, supervisor, status, &sender));
        }
        drop(sender);
        // On an error, the programs are killed: the scope waits for the workers, which wait for the programs.
        in_order(&receiver, on_finished).inspect_err(|_| supervisor.stop())
    })?;
    ensure!(finished.len() == count && !supervisor.has_stopped(), "interrupted");
    Ok(finished)
}

/// Runs one program of the queue after the other, and sends each with its number when it has finished.
fn work(
    queue: &Mutex<impl Iterator<Item = (usize, Program)>>,
    timeout: Duration,
    supervisor: &Supervisor,
    status: &StatusLine,
    finished: &Sender<(usize, Finished)>,
) {
    let next = || queue.lock().next();
    while let Some((number, program)) = next() {
        let Ok(command) = program.command.recv() else { return };
        status.started(number, &program.name);
        let result = run_one(program.name, command, timeout, supervisor);
        status.ended(number);
        let Some(result) = result else { return };
        // The receiver is gone once `on_finished` has failed.
        let _ = finished.send((number, result));
    }
}

/// Receives the programs in any order, and calls `on_finished` in the order of their numbers.
fn in_order(
    finished: &Receiver<(usize, Finished)>,
    mut on_finished: impl FnMut(&Finished) -> io::Result<()>,
) -> io::Result<Vec<Finished>> {
    let mut early = BTreeMap::new();
    let mut in_order = Vec::new();
    for (number, program) in finished {
        early.insert(number, program);
        while let Some(program) = early.remove(&in_order.len()) {
            on_finished(&program)?;
            in_order.push(program);
        }
    }
    Ok(in_order)
}

/// Runs a program until it exits; returns `None` if the supervisor has stopped.
fn run_one(name: String, command: Command, timeout: Duration, supervisor: &Supervisor) -> Option<Finished> {
    let start = Instant::now();
    let ended = match supervisor.launch(command) {
        Ok(launched) => launched?.finish(timeout).map_err(|error| error.to_string()),
        Err(error) => Err(format!("cannot start: {error}")),
    };
    let took = start.elapsed();
    if supervisor.has_stopped() {
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
        failures.push(format!("timed out after {}s", timeout.as_secs_f64()));
    } else if !ended.status.success() {
        failures.push(describe(ended.status));
    }
    if !ended.orphans.is_empty() {
        failures.push(format!("left a process behind ({})", ended.orphans.join(", ")));
    }
    Finished { name, output: ended.output, exit_status: ended.status.code(), failures, took }
}

fn describe(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal().and_then(signal_name)) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("killed by {signal}"),
        (None, None) => status.to_string(),
    }
}
