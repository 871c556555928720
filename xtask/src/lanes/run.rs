//! Runs a scenario of a lesson, in Rust or in Python, and keeps the time of each line.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use course_tests::python::Python;
use course_tests::trace::scenarios::{Lane, Scenario};

use crate::lessons::Lesson;
use crate::status_line::StatusLine;
use crate::supervisor::Supervisor;

/// The time limit of a run; no lesson takes as long.
const LIMIT: Duration = Duration::from_secs(60);

/// How many lines are drawn.
const MAX_LINES: usize = 1000;

/// The actor of a line for which none is declared, such as the message of a panic.
const UNKNOWN: &str = "(unknown)";

/// A finished run.
#[derive(Debug, Clone)]
pub struct Run {
    /// The lesson, its scenario and the language.
    pub title: String,
    /// The lines, in the order in which they were printed.
    pub lines: Vec<Line>,
    /// The time from the start of the program to its end.
    pub took: Duration,
    /// The actors that are cut off by the end of the program.
    pub cut_off: Vec<String>,
    /// Whether it ended with another exit status than 0, or was killed at the time limit.
    pub failed: bool,
    /// Messages for the user.
    pub notes: Vec<String>,
}

/// A line of a run.
#[derive(Debug, Clone)]
pub struct Line {
    /// When it was read, counted from the start of the program.
    pub at: Duration,
    /// The actor that prints it, if one is declared.
    pub lane: Option<Lane>,
    /// The text.
    pub text: String,
}

impl Line {
    /// Returns the actor that prints the line.
    #[must_use]
    pub fn actor(&self) -> &str {
        self.lane.as_ref().map_or(UNKNOWN, |lane| &lane.actor)
    }
}

/// What runs a scenario.
#[derive(Debug)]
pub enum Language {
    /// The lesson's program.
    Rust(PathBuf),
    /// The Python counterpart of the lesson: the interpreter, and the file.
    Python(Python, PathBuf),
}

impl Language {
    /// Returns the languages in which a lesson with this program can be run, in the order in which the runs are shown. If
    /// there is no Python for its counterpart, prints the reason to standard error.
    ///
    /// # Errors
    /// If that cannot be printed.
    pub fn of(lesson: &Lesson, program: PathBuf) -> io::Result<Vec<Self>> {
        let file = lesson.folder().join("python").join(&lesson.name).with_extension("py");
        if !file.is_file() {
            return Ok(vec![Self::Rust(program)]);
        }
        match Python::find() {
            Ok(python) => Ok(vec![Self::Python(python, file), Self::Rust(program)]),
            Err(reason) => {
                writeln!(io::stderr(), "note: {reason}; showing the Rust run only")?;
                Ok(vec![Self::Rust(program)])
            }
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Rust(_) => "Rust".to_owned(),
            Self::Python(python, _) => format!("Python {}", python.version()),
        }
    }

    fn command(&self, scenario: &Scenario) -> Command {
        let mut command = match self {
            Self::Rust(program) => Command::new(program),
            Self::Python(python, file) => {
                let mut command = Command::new(python.path());
                // A second of the counterpart is as long as one of the lesson.
                command.args(["-I", "-S"]).arg(file).env_remove("LESSON_SECOND");
                command
            }
        };
        command.args(scenario.args());
        command
    }
}

/// Runs one scenario to its end.
///
/// # Errors
/// If it cannot be started, or the run was interrupted. A scenario that fails is not an error: its notes say so.
pub fn run(
    lesson: &Lesson,
    scenario: &Scenario,
    language: &Language,
    supervisor: &Supervisor,
    status_line: &StatusLine,
) -> Result<Run> {
    let words: Vec<_> = [lesson.name.as_str()].into_iter().chain(scenario.args()).collect();
    let title = format!("{} in {}", words.join(" "), language.name());
    status_line.started(0, &title);
    let ended =
        supervisor.run(language.command(scenario), LIMIT).with_context(|| format!("cannot run {title}"));
    status_line.ended(0);
    let ended = ended?;
    let mut notes = Vec::new();
    if ended.timed_out {
        notes.push(format!("The run was killed after {} s, its time limit.", LIMIT.as_secs()));
    } else if !ended.status.success() {
        notes.push(format!("The run failed: {}.", ended.status));
    }
    let output = String::from_utf8_lossy(&ended.output);
    let line = |(at, text): (Duration, &str)| Line { at, lane: scenario.lane(text), text: text.to_owned() };
    let lines: Vec<Line> =
        ended.times.iter().copied().zip(output.lines()).take(MAX_LINES).map(line).collect();
    if output.lines().count() > lines.len() {
        notes.push(format!("Only the first {} lines are drawn; there are more.", lines.len()));
    }
    let took = end(ended.took, &lines);
    let failed = ended.timed_out || !ended.status.success();
    Ok(Run { title, lines, took, cut_off: scenario.cut_off().to_vec(), failed, notes })
}

/// Returns the end of the program, or the time of its last line: that can be read after the program has ended.
fn end(took: Duration, lines: &[Line]) -> Duration {
    lines.last().map_or(took, |last| took.max(last.at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_does_not_end_before_its_last_line() {
        let ms = Duration::from_millis;
        let lines = [1, 5].map(|at| Line { at: ms(at), lane: None, text: String::new() });
        assert_eq!(end(ms(4), &lines), ms(5));
        assert_eq!(end(ms(6), &lines), ms(6));
        assert_eq!(end(ms(4), &[]), ms(4));
    }
}
