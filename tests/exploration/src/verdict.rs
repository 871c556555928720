//! Whether a program does what an exercise demands, under every schedule.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Exploration;
use crate::counterexample::{Counterexample, format_choices};
use crate::explore::Program;
use crate::runtime::Options;

/// More schedules are too many: those that were run show what they show.
const MAX_RUNS: usize = 20_000;

/// No schedule is begun after this time.
const MAX_TIME: Duration = Duration::from_secs(5);

/// What an exercise demands.
#[derive(Debug, Deserialize)]
pub(crate) struct Demands {
    /// The permitted outputs, as lists of lines.
    outputs: Vec<Vec<String>>,
    /// Outputs that must be possible: otherwise the threads no longer run at the same time, say.
    #[serde(default)]
    possible: Vec<Vec<String>>,
    /// How many actors each run has at least.
    actors: usize,
}

/// Whether the demands are met.
#[derive(Debug, Serialize)]
pub(crate) struct Verdict {
    /// How many schedules were run, up to the order of independent steps.
    runs: usize,
    /// Whether those are all of them.
    complete: bool,
    /// In how many of them something is wrong.
    failing: usize,
    /// What is wrong: a failing run, a forbidden output, a missing output, or too few actors; or why the program cannot be
    /// explored. `None` if every schedule is right.
    wrong: Option<Wrong>,
}

#[derive(Debug, Serialize)]
struct Wrong {
    /// `fails`, `output`, `actors`, `missing` or `unexplored`.
    kind: &'static str,
    /// What is wrong, for a person.
    message: String,
    /// Choices that show it.
    choices: Option<String>,
}

/// Explores `program` and compares it with what is demanded.
pub(crate) fn verdict(program: &Program, demands: &Demands) -> Verdict {
    let options = Options { max_runs: MAX_RUNS, max_time: Some(MAX_TIME), ..Options::default() };
    let judged = Exploration::with(options, Arc::clone(program)).and_then(|explored| {
        let (forbidden, shown) = explored.runs_that_print(|lines| !demands.permit(lines));
        let wrong = if let Some(failure) = explored.failure() {
            Some(Wrong::shown("fails", failure))
        } else if let Some(shown) = shown {
            Some(Wrong::shown("output", &shown))
        } else {
            demands.unmet(&explored)?
        };
        let failing = explored.failures() + forbidden;
        Ok(Verdict { runs: explored.runs(), complete: explored.counts().complete, failing, wrong })
    });
    judged.unwrap_or_else(|message| Verdict {
        runs: 0,
        complete: false,
        failing: 0,
        wrong: Some(Wrong { kind: "unexplored", message, choices: None }),
    })
}

impl Demands {
    fn permit(&self, lines: &[&str]) -> bool {
        self.outputs.iter().any(|permitted| permitted == lines)
    }

    /// Returns what a program does not do, though it does nothing wrong.
    fn unmet(&self, explored: &Exploration) -> Result<Option<Wrong>, String> {
        let wrong = |kind, message| Ok(Some(Wrong { kind, message, choices: None }));
        let actors = explored.fewest_actors();
        if actors < self.actors {
            let message = format!(
                "a run has only {actors} of the {} threads and processes of the exercise, main included: do not remove any",
                self.actors
            );
            return wrong("actors", message);
        }
        if !explored.counts().complete {
            return Ok(None);
        }
        let outputs = explored.outputs().ok_or("the program has too many outputs to list")?;
        match self.possible.iter().find(|&lines| !outputs.contains(lines)) {
            Some(lines) => {
                wrong("missing", format!("this output is not possible any more:\n  {}", lines.join("\n  ")))
            }
            None => Ok(None),
        }
    }
}

impl Wrong {
    fn shown(kind: &'static str, shown: &Counterexample) -> Self {
        let choices = Some(format_choices(&shown.choices()));
        Self { kind, message: shown.to_string(), choices }
    }
}
