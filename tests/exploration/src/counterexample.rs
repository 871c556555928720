//! A run in which a program fails, as a table that a person can follow line by line.

mod choices;
mod order;
#[cfg(test)]
mod programs;
#[cfg(test)]
mod recorder;
mod rows;
mod source;
mod table;

use std::collections::VecDeque;
use std::fmt;
use std::mem;

pub(crate) use choices::format_choices;
pub use choices::{InvalidChoices, parse_choices};
pub(crate) use source::Sources;

use crate::clock::Clock;
use crate::names::Names;
use crate::narrator::describe_failures;
use crate::operation::{Actor, Operation};
use crate::run::Run;

/// A run in which a program fails, in the equivalent order that has the fewest switches between actors.
///
/// It is displayed as a table, one column an actor; then what went wrong, and the choices to replay it.
#[derive(Debug, Clone)]
pub struct Counterexample {
    run: Run,
    output: Option<Vec<String>>,
}

impl Counterexample {
    /// Orders the steps of `run`. If it fails because of what it prints, `output` has its lines: prints of different actors
    /// have no order in a run, so only some orders of its steps may print them. Returns `None` if none does.
    #[must_use]
    pub fn new(mut run: Run, output: Option<Vec<String>>) -> Option<Self> {
        let text =
            output.as_ref().map(|lines| lines.iter().map(|line| format!("{line}\n")).collect::<String>());
        let order = order::fewest_switches(&run, text.as_deref())?;
        run.steps = order.into_iter().map(|index| run.steps[index].clone()).collect();
        Some(Self { run, output })
    }

    /// Returns the one with the fewest switches, and of those with the fewest steps. One that ends comes before all that
    /// wait forever: a deadlock may be expected, a panic is not.
    #[must_use]
    pub fn shortest(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        let length = |one: &Self| {
            let steps = &one.run.steps;
            let switches = order::switches(steps.iter().map(|step| step.actor));
            (!one.run.waiting().is_empty(), switches, steps.len())
        };
        all.into_iter().min_by_key(length)
    }

    /// Returns the run, with its steps in the order in which they are shown.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Returns the lesson and the name of the program, if it is one that `cargo xtask play` plays.
    fn name_in_the_course(&self, names: &Names) -> Option<(String, String)> {
        let path = source::plain_path(names.main_file()?);
        let name = path.file_stem()?.to_string_lossy().into_owned();
        let folders: Vec<_> = path.parent()?.iter().map(|folder| folder.to_string_lossy()).collect();
        // What the lesson does not list cannot be played.
        let is_listed = |name: &str| {
            let list = path.ancestors().nth(2).map(|folder| folder.join("tests/play.toml"));
            let line = format!("name = {name:?}");
            list.is_some_and(|list| source::read_lines(&list.to_string_lossy()).contains(&line))
        };
        let (lesson, name) = match &folders[..] {
            [.., before, lesson, folder] if before == "crates" && folder == "src" => {
                (lesson, self.run.scene.clone().filter(|name| is_listed(name))?)
            }
            [.., before, lesson, folder] if before == "crates" && folder == "wrong" && is_listed(&name) => {
                (lesson, name)
            }
            [.., before, lesson, folder] if before == "crates" && folder == "exercises" => (lesson, name),
            [.., before, lesson] if before == "exercises" => (lesson, name),
            _ => return None,
        };
        Some((lesson.clone().into_owned(), name))
    }

    /// Returns the [choices](crate::runtime::Options::choices) that replay the run in this order.
    #[must_use]
    pub fn choices(&self) -> Vec<Actor> {
        let mut run = self.run.clone();
        // An actor starts as soon as it is created.
        let mut starts: Vec<_> =
            run.steps.extract_if(.., |step| step.operation == Operation::Start).collect();
        starts.sort_by_key(|start| start.actor);
        let rest = mem::take(&mut run.steps);
        // Those that are created, in that order: the one that was created first starts first.
        let mut created = VecDeque::new();
        let mut steps = Vec::new();
        let mut clock = Clock::default();
        for step in [None].into_iter().chain(rest.into_iter().map(Some)) {
            if let Some(step) = step {
                clock.set(step.actor, step.nth);
                steps.push(step);
            }
            loop {
                created.extend(starts.extract_if(.., |start| run.is_created(start.actor, &clock)));
                let Some(start) = created.pop_front() else { break };
                clock.set(start.actor, start.nth);
                steps.push(start);
            }
        }
        run.steps = steps;
        let mut numbers = vec![Actor(0); run.actors.len()];
        for (number, actor) in run.by_creation().into_iter().enumerate() {
            numbers[actor.0] = Actor(number);
        }
        let chosen = run.steps.iter().filter(|step| step.operation != Operation::Start);
        chosen.map(|step| numbers[step.actor.0]).collect()
    }
}

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Names::new(&self.run);
        let (rows, waiting) = rows::rows(&self.run, &names);
        let mut actors = self.run.by_creation();
        actors.retain(|actor| rows.iter().chain(&waiting).any(|row| row.actor == *actor));
        if let Some(file) = names.main_file() {
            writeln!(f, "The steps of {}, from top to bottom:\n", source::plain_path(file).display())?;
        }
        writeln!(f, "{}", table::table(&rows, &waiting, &actors, &names))?;
        for failure in describe_failures(&self.run, &names) {
            writeln!(f, "{failure}")?;
        }
        if let Some(lines) = &self.output {
            writeln!(f, "The output:")?;
            lines.iter().try_for_each(|line| writeln!(f, "  {line}"))?;
        }
        let choices = format_choices(&self.choices());
        match self.name_in_the_course(&names) {
            Some((lesson, name)) => {
                let name = if name.is_empty() { name } else { format!(" {name}") };
                write!(f, "\nTo play it: cargo xtask play {lesson}{name} --choices '{choices}'")
            }
            None => write!(f, "\nchoices: {choices}"),
        }
    }
}

#[cfg(test)]
mod tests;
