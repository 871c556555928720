//! A running scene's program: it answers requests on its standard input with lines of JSON on its standard output.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Error, Result, anyhow, bail, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use xtask::supervisor::Supervisor;

use crate::choices;
use crate::program::{Future, Goal, Position, Program, Reachable};

/// How long an answer may take. A loop without a step in it never answers.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How often a wait for an answer looks whether a signal was caught.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// How many bytes of the program's standard error are kept for an error message, from its end.
const KEPT_ERRORS: usize = 1_000;

/// The program of a scene. It is started at the first request, and again at the first request after it failed to answer.
pub struct Client {
    command: Command,
    limit: Duration,
    supervisor: Arc<Supervisor>,
    running: Option<Running>,
}

impl Client {
    /// Creates the program that `command` starts, with [`TIME_LIMIT`].
    #[must_use]
    pub fn new(command: Command, supervisor: Arc<Supervisor>) -> Self {
        Self { command, limit: TIME_LIMIT, supervisor, running: None }
    }

    /// Sets how long an answer may take.
    #[must_use]
    pub fn with_time_limit(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Sends a request and returns the answer.
    fn ask<T: DeserializeOwned>(&mut self, request: &str) -> Result<T> {
        let line = self.answer(request)?;
        let answer: Value = serde_json::from_str(&line).with_context(|| invalid(request, &line))?;
        if let Some(error) = answer["error"].as_str() {
            bail!("{error}");
        }
        serde_json::from_value(answer).with_context(|| invalid(request, &line))
    }

    /// Sends a request and returns the line of the answer. If there is none, the program is killed.
    fn answer(&mut self, request: &str) -> Result<String> {
        let mut running = match self.running.take() {
            Some(running) => running,
            None => Running::start(&mut self.command)?,
        };
        // If the program no longer reads, it has ended, and there is no answer either.
        let _ = writeln!(running.requests, "{request}");
        let start = Instant::now();
        loop {
            match running.answers.recv_timeout(POLL_INTERVAL) {
                Ok(line) => {
                    self.running = Some(running);
                    return Ok(line);
                }
                Err(RecvTimeoutError::Disconnected) => return Err(running.into_error(request)),
                Err(RecvTimeoutError::Timeout) => {
                    ensure!(self.supervisor.signal().is_none(), "interrupted");
                    let seconds = self.limit.as_secs_f32();
                    ensure!(
                        start.elapsed() < self.limit,
                        "no answer within {seconds} s to the request `{request}`: the program may be in a loop \
                         without a step"
                    );
                }
            }
        }
    }
}

impl Program for Client {
    fn at(&mut self, choices: &[usize]) -> Result<Position> {
        self.ask(&request("at", choices))
    }

    fn futures(&mut self, choices: &[usize]) -> Result<Vec<Future>> {
        #[derive(Deserialize)]
        struct Answer {
            futures: Vec<Future>,
        }
        let answer: Answer = self.ask(&request("futures", choices))?;
        Ok(answer.futures)
    }

    fn goals(&mut self, goals: &[Goal]) -> Result<Vec<Option<Reachable>>> {
        #[derive(Deserialize)]
        struct Answer {
            goals: Vec<Option<Reachable>>,
        }
        let answer: Answer = self.ask(&format!("goals {}", serde_json::to_string(goals)?))?;
        let count = answer.goals.len();
        ensure!(count == goals.len(), "the program answered for {count} of {} goals", goals.len());
        Ok(answer.goals)
    }
}

fn request(what: &str, choices: &[usize]) -> String {
    format!("{what} {}", choices::format(choices)).trim_end().to_owned()
}

fn invalid(request: &str, line: &str) -> String {
    let begin: String = line.chars().take(200).collect();
    format!("invalid answer to the request `{request}`: {begin}")
}

/// The process and its pipes. It is killed on drop.
#[derive(Debug)]
struct Running {
    child: Child,
    requests: ChildStdin,
    answers: Receiver<String>,
    errors: Option<JoinHandle<String>>,
}

impl Running {
    fn start(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            command.spawn().with_context(|| format!("cannot run {}", command.get_program().display()))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(requests), Some(stdout), Some(stderr)) = pipes else {
            unreachable!("all three are pipes");
        };
        let errors = thread::spawn(move || last_errors(stderr));
        Ok(Self { child, requests, answers: lines(stdout), errors: Some(errors) })
    }

    /// Returns the error of a program that ended without an answer.
    fn into_error(mut self, request: &str) -> Error {
        let _ = self.child.kill();
        let status = match self.child.wait() {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        };
        let errors = self.errors.take().and_then(|errors| errors.join().ok()).unwrap_or_default();
        let errors = if errors.is_empty() { errors } else { format!(": {}", errors.trim()) };
        anyhow!("the program ended without an answer to the request `{request}` ({status}){errors}")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Errors mean that it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the lines of `stdout`, read by a thread so that a wait for one can have a time limit.
fn lines(stdout: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Reads `stderr` to its end and returns the last [`KEPT_ERRORS`] bytes. It must be read, or a program that prints a lot
/// blocks; and on a screen, what it prints would be in the way.
fn last_errors(mut stderr: ChildStderr) -> String {
    let (mut kept, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = stderr.read(&mut buffer) {
        kept.extend_from_slice(&buffer[..count]);
        kept.drain(..kept.len().saturating_sub(KEPT_ERRORS));
    }
    String::from_utf8_lossy(&kept).into_owned()
}
