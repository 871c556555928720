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

use std::fmt;

pub use choices::{InvalidChoices, parse_choices};

use crate::names::Names;
use crate::operation::Actor;
use crate::run::{Ending, Run};
use crate::words;

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

    /// Returns which actor takes each step, by the numbers that the actors have when the run is replayed in this order.
    #[must_use]
    pub fn choices(&self) -> Vec<Actor> {
        let mut numbers = vec![Actor(0); self.run.actors.len()];
        for (number, actor) in self.run.by_creation().into_iter().enumerate() {
            numbers[actor.0] = Actor(number);
        }
        self.run.steps.iter().map(|step| numbers[step.actor.0]).collect()
    }

    /// Returns what went wrong: a line each.
    fn failures(&self, names: &Names) -> Vec<String> {
        let mut failures = Vec::new();
        match self.run.ending {
            Ending::WaitsForever(_) => failures.push("Deadlock: no actor can take another step.".to_owned()),
            Ending::Exited(0) => {}
            Ending::Exited(status) => failures.push(format!("The program failed{}.", words::failed(status))),
        }
        for (number, actor) in self.run.actors.iter().enumerate() {
            let panic = actor.panic.iter();
            failures
                .extend(panic.map(|message| format!("{} panicked: {message}", names.actor(Actor(number)))));
        }
        if let Ending::Exited(_) = self.run.ending {
            let children = self.run.not_waited_for.iter().map(|process| names.process(*process));
            failures.extend(children.map(|name| {
                format!(
                    "The process `{name}` is never waited for: if it ends before its parent, it is a zombie until \
                     its parent ends."
                )
            }));
        }
        failures
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
        for failure in self.failures(&names) {
            writeln!(f, "{failure}")?;
        }
        if let Some(lines) = &self.output {
            writeln!(f, "The output:")?;
            lines.iter().try_for_each(|line| writeln!(f, "  {line}"))?;
        }
        write!(f, "\nchoices: {}", choices::format_choices(&self.choices()))
    }
}

#[cfg(test)]
mod tests;
