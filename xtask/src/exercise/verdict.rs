//! Whether a program does what an exercise demands, under every schedule, and in words why not.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::scene::{Exercise, Libraries, Scene};
use crate::supervisor::Supervisor;

/// More permitted outputs are not listed.
const MAX_SHOWN: usize = 4;

/// A verdict on a program.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It was run under schedules.
    Explored(Explored),
    /// It does not compile; with the compiler's messages.
    DoesNotCompile(String),
    /// It cannot be explored, for this reason.
    Unexplored(String),
}

/// The answer of the program of a scene.
#[derive(Debug, Deserialize)]
pub(super) struct Explored {
    /// How many schedules were run, up to the order of independent steps.
    runs: usize,
    /// Whether those are all of them.
    complete: bool,
    /// In how many of them something is wrong.
    failing: usize,
    wrong: Option<Wrong>,
}

/// What is wrong.
#[derive(Debug, Deserialize)]
struct Wrong {
    kind: String,
    message: String,
    /// Choices that show it.
    choices: Option<String>,
}

/// Judges the program of `scene`.
///
/// # Errors
/// If the compiler cannot be run, or the supervisor has stopped.
pub(super) fn judge(
    exercise: &Exercise,
    scene: &Scene,
    libraries: &Libraries,
    supervisor: &Supervisor,
) -> Result<Verdict> {
    let program = match libraries.compile(scene, supervisor)? {
        Ok(program) => program,
        Err(messages) => return Ok(Verdict::DoesNotCompile(messages)),
    };
    let answer = match program.ask(&exercise.request(), supervisor) {
        Ok(answer) => answer,
        Err(error) if supervisor.has_stopped() => return Err(error),
        Err(error) => return Ok(Verdict::Unexplored(error.to_string())),
    };
    let mut explored: Explored = serde_json::from_value(answer).context("this is not a verdict")?;
    match explored.wrong.take_if(|wrong| wrong.kind == "unexplored") {
        Some(wrong) => Ok(Verdict::Unexplored(wrong.message)),
        None => Ok(Verdict::Explored(explored)),
    }
}

impl Verdict {
    /// Returns whether every schedule was run, and is right.
    pub(super) fn has_passed(&self) -> bool {
        matches!(self, Self::Explored(Explored { complete: true, wrong: None, .. }))
    }

    /// Returns what was found under the schedules, if it was run.
    fn explored(&self) -> Option<&Explored> {
        match self {
            Self::Explored(explored) => Some(explored),
            _ => None,
        }
    }

    /// Returns whether it was run, and went wrong under a schedule.
    pub(super) fn goes_wrong(&self) -> bool {
        self.explored().is_some_and(|explored| explored.failing > 0)
    }

    /// Returns whether it goes wrong in a smaller part of the schedules than `given`, but in some.
    pub(super) fn is_rarer_than(&self, given: &Self) -> bool {
        let (Some(now), Some(given)) = (self.explored(), given.explored()) else { return false };
        now.failing > 0 && now.failing * given.runs < given.failing * now.runs
    }

    /// Describes it for the learner; `remark` is what else there is to say about schedules that go wrong.
    pub(super) fn words(&self, exercise: &Exercise, remark: &str) -> String {
        match self {
            Self::DoesNotCompile(messages) => {
                format!("{}\n\nNot passed: it does not compile.\n", messages.trim_end())
            }
            Self::Unexplored(reason) => format!("Not passed: {}\n", in_plain_words(reason)),
            Self::Explored(explored) => match &explored.wrong {
                Some(wrong) => wrong.words(explored, exercise, remark),
                None => explored.words(),
            },
        }
    }
}

/// Returns why a program could not be explored, and what to do.
fn in_plain_words(reason: &str) -> String {
    if reason.contains("steps: does it never end?") {
        return format!(
            "{reason}\nA loop that looks again and again whether something has happened may never end. Wait instead: with \
             `join`, a lock, a condition variable or a channel."
        );
    }
    format!("the program cannot be run under every schedule: {}", reason.trim_end())
}

impl Explored {
    /// Describes a verdict without anything wrong.
    fn words(&self) -> String {
        let runs = self.runs;
        if !self.complete {
            return format!(
                "Not passed: there are more than {runs} schedules, too many to run them all. None of those that were run \
                 goes wrong.\nMake the program smaller: fewer threads, fewer rounds of a loop, fewer steps outside a lock.\n"
            );
        }
        let all = match runs {
            1 => "every schedule was run (one run stands for all: they differ only in the order of independent \
                  steps), and each"
                .to_owned(),
            _ => {
                format!("every schedule was run ({runs}, up to the order of independent steps), and each")
            }
        };
        format!("Passed: {all} gives a permitted output.\n")
    }

    /// Describes in how many schedules something is wrong.
    fn share(&self) -> String {
        let Self { runs, failing, .. } = self;
        let which = if self.complete { "schedules" } else { "schedules that were run; there are more" };
        match (failing, runs) {
            (1, 1) => "One run stands for all schedules: they differ only in the order of independent steps."
                .to_owned(),
            _ if failing == runs => format!("It goes wrong in all {runs} {which}."),
            _ => format!("It goes wrong in {failing} of {runs} {which}."),
        }
    }
}

impl Wrong {
    fn words(&self, explored: &Explored, exercise: &Exercise, remark: &str) -> String {
        if self.choices.is_none() {
            return format!("Not passed: {}\n", self.message);
        }
        // The table and what went wrong, or the output; then how to play it.
        let (shown, play) = self.message.rsplit_once("\n\n").unwrap_or((&self.message, ""));
        let (table, what) = match shown.split_once("\nThe output:") {
            Some((table, output)) => (table, not_permitted(output, &exercise.outputs)),
            None if shown.contains("\nDeadlock: ") => (shown, "the program can wait for ever.".to_owned()),
            None => (shown, "the program can fail; the end of the table shows how.".to_owned()),
        };
        let share = explored.share();
        format!("Not passed: {what}\n{share}\n{remark}\n{}\n\n{play}\n", table.trim_end())
    }
}

/// Describes an output that is not permitted, and those that are.
fn not_permitted(output: &str, permitted: &[Vec<String>]) -> String {
    let output = if output.trim().is_empty() { "\n  (nothing)" } else { output.trim_end() };
    let lines = |lines: &Vec<String>| format!("  {}\n", lines.join(" / "));
    let some: String = permitted.iter().take(MAX_SHOWN).map(lines).collect();
    let more = match permitted.len().saturating_sub(MAX_SHOWN) {
        0 => String::new(),
        more => format!("  and {more} more\n"),
    };
    format!(
        "the program can print what is not permitted:\n{output}\n\nPermitted (a slash separates lines):\n{some}{more}"
    )
}
