//! A program that can be stopped after every choice: what its actors do next, and what has happened.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::Location;
use std::rc::Rc;
use std::sync::Arc;

use serde::Serialize;

use crate::explore::{Exploration, Program};
use crate::names::{Names, has_own_place};
use crate::narrator::{Narrator, describe_failures};
use crate::operation::{Actor, Operation};
use crate::run::{Ending, Run, Step};
use crate::runtime::{Options, explore_each};
use crate::words::describe_holding;

/// If more schedules can follow a choice, it is not shown what can.
const MAX_FUTURE_RUNS: usize = 5_000;

/// A program that is played, with names that stay the same from one choice to the next.
pub(crate) struct Scene {
    program: Program,
    names: Names,
}

/// A place in the source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Place {
    /// The path that the compiler was given.
    pub(crate) file: String,
    /// From 1.
    pub(crate) line: u32,
}

/// What an actor is about to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct View {
    /// `None` if it is not in the program.
    #[serde(flatten)]
    pub(crate) place: Option<Place>,
    /// In words: "will take the lock".
    pub(crate) next: String,
    /// `ready` if it can take the step, `waits` if not, `ended`, or `cut off` if it was not at its end when its process
    /// ended.
    pub(crate) state: &'static str,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Taken {
    pub(crate) actor: usize,
    /// `None` if it is not in the program.
    #[serde(flatten)]
    pub(crate) place: Option<Place>,
    /// In words: "takes the lock".
    pub(crate) words: String,
    /// The text that goes to standard output.
    pub(crate) text: Option<String>,
}

/// How a run ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct End {
    /// `exit` if the program succeeds, `deadlock`, `panic`, or else `failed`.
    pub(crate) kind: &'static str,
    /// What went wrong, a line each.
    pub(crate) words: Vec<String>,
}

/// An actor, and what it is about to do.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ActorView {
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) view: View,
}

/// The state after some choices.
#[derive(Debug, Serialize)]
pub(crate) struct Position {
    /// By number.
    pub(crate) actors: Vec<ActorView>,
    /// The lines on standard output.
    pub(crate) printed: Vec<String>,
    /// What the objects hold, in words.
    pub(crate) holds: Vec<String>,
    /// The steps so far.
    pub(crate) steps: Vec<Taken>,
    /// Set if no actor can take a step.
    pub(crate) end: Option<End>,
}

/// What can follow a choice.
#[derive(Debug, Serialize)]
pub(crate) struct Future {
    pub(crate) actor: usize,
    /// How many outcomes are possible.
    pub(crate) total: usize,
    /// The outcomes, the lines of each separated by slashes; none if they are too many to show.
    pub(crate) outcomes: Vec<String>,
    /// Outcomes that are possible only if this actor goes next, as many as are shown.
    pub(crate) only: Vec<String>,
    /// How many more there are of these.
    pub(crate) more: usize,
}

impl Scene {
    /// Creates a scene of `program`.
    ///
    /// # Errors
    /// If the program cannot be explored.
    pub(crate) fn new(program: Program) -> Result<Self, String> {
        // In this run each actor runs on as long as it can, so that most objects are named by the first line that uses them.
        let options = Options { max_runs: 1, ..Options::default() };
        let whole = replay(&program, vec![options])?.remove(0);
        Ok(Self { names: Names::new(&whole), program })
    }

    fn program(&self) -> Program {
        Arc::clone(&self.program)
    }

    /// Makes the choices of each of these ways, and stops.
    ///
    /// # Errors
    /// If an actor cannot take a step when it is chosen, or the program cannot be explored.
    pub(crate) fn run_each(&self, ways: Vec<Vec<Actor>>) -> Result<Vec<Run>, String> {
        let options = |way| Options { choices: Some(way), stops: true, max_runs: 1, ..Options::default() };
        replay(&self.program, ways.into_iter().map(options).collect())
    }

    /// # Errors
    /// As [`Scene::run_each`].
    pub(crate) fn position(&mut self, choices: &[Actor]) -> Result<Position, String> {
        let run = self.run_each(vec![choices.to_vec()])?.remove(0);
        self.use_names_of(&run);
        Ok(self.describe(&run))
    }

    /// Names what is in a run, as in the runs before if it was in them: the run can be described then.
    pub(crate) fn use_names_of(&mut self, run: &Run) {
        self.names.rename(run);
    }

    /// Describes the last step of a run.
    pub(crate) fn describe_last_step(&self, run: &Run) -> Option<Taken> {
        let last = run.steps.iter().rposition(|step| step.operation != Operation::Start)?;
        self.describe_steps(run, last, &mut Narrator::default()).pop()
    }

    /// Describes the steps of a run, except the `skipped` first ones and those that start an actor.
    fn describe_steps(&self, run: &Run, skipped: usize, narrator: &mut Narrator) -> Vec<Taken> {
        let mut texts = run.texts().into_iter().peekable();
        let mut steps = Vec::new();
        for (index, step) in run.steps.iter().enumerate() {
            let text = texts.next_if(|(by, _)| (by.actor, by.nth) == (step.actor, step.nth));
            if index >= skipped && step.operation != Operation::Start {
                let words = narrator.describe(step, run, &self.names);
                let place = place(step.place, &step.operation, &self.names);
                steps.push(Taken { actor: step.actor.0, place, words, text: text.map(|(_, text)| text) });
            }
            narrator.take(step);
        }
        steps
    }

    /// Describes the state in which a run was stopped.
    pub(crate) fn describe(&self, run: &Run) -> Position {
        let names = &self.names;
        let mut narrator = Narrator::default();
        let steps = self.describe_steps(run, 0, &mut narrator);
        let printed: String = steps.iter().filter_map(|step| step.text.as_deref()).collect();
        let view = |actor: usize| {
            // Where it stands, if the step has no place of its own: the end of a thread, or of a guard.
            let last =
                || steps.iter().rev().filter(|step| step.actor == actor).find_map(|step| step.place.clone());
            let next = run.waiting().iter().find(|next| next.actor.0 == actor);
            let is_end = |step: &&Step| matches!(step.operation, Operation::End | Operation::Exit(_));
            let has_ended = run.steps.iter().filter(is_end).any(|step| step.actor.0 == actor);
            let state = if has_ended { "ended" } else { "cut off" };
            next.map_or(View { place: None, next: String::new(), state }, |next| View {
                place: place(next.place, &next.operation, names).or_else(last),
                next: narrator.describe_next(next, names),
                state: if next.enabled { "ready" } else { "waits" },
            })
        };
        let actors = (0..run.actors.len())
            .map(|actor| ActorView { name: names.actor(Actor(actor)).to_owned(), view: view(actor) });
        Position {
            actors: actors.collect(),
            printed: printed.lines().map(str::to_owned).collect(),
            holds: run.holdings.iter().map(|holding| describe_holding(holding, names)).collect(),
            steps,
            end: end(run, names),
        }
    }

    /// Returns what can follow the step of each actor that can go, with at most `shown` outcomes in each list.
    ///
    /// # Errors
    /// As [`Scene::run_each`], and if too many schedules can follow.
    pub(crate) fn futures(&mut self, choices: &[Actor], shown: usize) -> Result<Vec<Future>, String> {
        let before = self.position(choices)?;
        let ready = before.actors.iter().enumerate().filter(|(_, actor)| actor.view.state == "ready");
        let after = |(actor, _)| {
            let choices = choices.iter().copied().chain([Actor(actor)]).collect();
            Ok((actor, self.outcomes_after(choices)?))
        };
        let all = ready.map(after).collect::<Result<Vec<(usize, BTreeSet<String>)>, String>>()?;
        let future = |(actor, outcomes): &(usize, BTreeSet<String>)| {
            let others = || all.iter().filter(|(other, _)| other != actor);
            let is_only = |outcome: &&String| !others().any(|(_, outcomes)| outcomes.contains(*outcome));
            let only: Vec<_> = outcomes.iter().filter(is_only).cloned().collect();
            Future {
                actor: *actor,
                total: outcomes.len(),
                outcomes: outcomes.iter().filter(|_| outcomes.len() <= shown).cloned().collect(),
                more: only.len().saturating_sub(shown),
                only: only.into_iter().take(shown).collect(),
            }
        };
        Ok(all.iter().map(future).collect())
    }

    /// Returns the outcomes that are possible after these choices, the lines of each separated by slashes.
    fn outcomes_after(&self, choices: Vec<Actor>) -> Result<BTreeSet<String>, String> {
        let explored = Exploration::up_to(MAX_FUTURE_RUNS, Some(choices), self.program())?;
        let outcomes = explored.listed_outcomes().ok_or("there are too many outcomes to list")?;
        Ok(outcomes.iter().map(ToString::to_string).collect())
    }
}

/// Runs the program once with each of these options.
fn replay(program: &Program, mut options: Vec<Options>) -> Result<Vec<Run>, String> {
    let count = options.len();
    let runs = Rc::new(RefCell::new(Vec::new()));
    let visited = Rc::clone(&runs);
    let program = Arc::clone(program);
    if options.is_empty() {
        return Ok(Vec::new());
    }
    let first = options.remove(0);
    explore_each(first, options, move || program(), move |run| visited.borrow_mut().push(run.clone()))?;
    let runs = runs.take();
    if runs.len() == count { Ok(runs) } else { Err("a run was given up".to_owned()) }
}

fn place(place: &Location<'_>, operation: &Operation, names: &Names) -> Option<Place> {
    let is_shown = names.line(place).is_some() && has_own_place(operation);
    is_shown.then(|| Place { file: place.file().to_owned(), line: place.line() })
}

fn end(run: &Run, names: &Names) -> Option<End> {
    let panics = run.actors.iter().any(|actor| actor.panic.is_some());
    let kind = match run.ending {
        Ending::Stopped(_) => return None,
        Ending::WaitsForever(_) => "deadlock",
        _ if panics => "panic",
        _ if run.fails() => "failed",
        Ending::Exited(_) => "exit",
    };
    Some(End { kind, words: describe_failures(run, names) })
}
