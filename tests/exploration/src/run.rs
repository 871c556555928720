//! The record of one run.

use std::collections::BTreeMap;
use std::mem;
use std::panic::Location;

use crate::clock::Clock;
use crate::operation::{Actor, Object, Operation, Outcome, Process};

/// A step of a run.
#[derive(Debug, Clone)]
pub struct Step {
    /// The actor that took it.
    pub actor: Actor,
    /// What it did.
    pub operation: Operation,
    /// What that came to.
    pub outcome: Outcome,
    /// Where the source takes it.
    pub place: &'static Location<'static>,
    /// The steps that come before it in every equivalent run, and itself.
    pub clock: Clock,
    /// Its number among the steps of its actor, from 1.
    pub nth: u32,
    /// What the actor printed on standard error before this step.
    pub notes: Vec<String>,
}

impl Step {
    /// Returns whether another step of the same run comes before this one in every equivalent run.
    #[must_use]
    pub fn happens_after(&self, other: &Self) -> bool {
        self.clock.of(other.actor) >= other.nth
    }
}

/// A step that was not taken before the end of the run.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The actor that waits.
    pub actor: Actor,
    /// What it waits to do.
    pub operation: Operation,
    /// Where the source does it.
    pub place: &'static Location<'static>,
    /// Whether it can take the step. If no actor can, they wait forever.
    pub enabled: bool,
}

/// What is in an object, or who has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holding {
    /// The actor holds the lock.
    Lock(Object, Actor),
    /// These actors wait on the condition variable.
    Waiters(Object, Vec<Actor>),
    /// The number of messages in the channel.
    Messages(Object, usize),
    /// The number of bytes in the pipe, and whether it is full.
    Bytes(Object, usize, bool),
}

/// How a run ended.
#[derive(Debug, Clone)]
pub enum Ending {
    /// Every process has ended; the first one with this status, as `ExitStatus::from_raw` takes it.
    Exited(i32),
    /// Not every process has ended, and no actor can take its next step.
    WaitsForever(Vec<Waiting>),
    /// It was stopped before these steps, at least one of which can be taken.
    Stopped(Vec<Waiting>),
}

/// An actor of a run.
#[derive(Debug, Clone)]
pub struct ActorInfo {
    /// The name of the thread or process; empty for a thread without a name.
    pub name: String,
    /// Its process.
    pub process: Process,
    /// The last step of its starter before it was created, and the steps that come before that. `None` if the actor is not
    /// part of this run.
    pub created_after: Option<Clock>,
    /// The message of its panic.
    pub panic: Option<String>,
}

/// The record of one run.
#[derive(Debug, Clone)]
pub struct Run {
    /// By [`Actor`]; an actor that is not part of this run has no steps.
    pub actors: Vec<ActorInfo>,
    /// In the order in which they were taken.
    pub steps: Vec<Step>,
    /// How the run ended.
    pub ending: Ending,
    /// The child processes that their parent did not wait for.
    pub not_waited_for: Vec<Process>,
    /// What the objects hold, if the run could be [stopped](crate::runtime::Options::stops).
    pub holdings: Vec<Holding>,
    /// The name of the program, if it has [one](crate::runtime::name_scene).
    pub scene: Option<String>,
    /// Where objects were made, if that is known.
    pub made: Vec<(Object, &'static Location<'static>)>,
    /// The channels: what is only closed could be a pipe, too.
    pub channels: Vec<Object>,
}

impl Run {
    /// Returns whether the program fails: it waits forever, a thread panics, the exit status is not 0, or a child process
    /// is not waited for.
    #[must_use]
    pub fn fails(&self) -> bool {
        let panics = self.actors.iter().any(|actor| actor.panic.is_some());
        !matches!(self.ending, Ending::Exited(0)) || panics || !self.not_waited_for.is_empty()
    }

    /// Returns the texts that go out, each with the step that lets it go. A piece of a line stays in the buffer of its
    /// process until the rest of the line comes, or the process ends.
    #[must_use]
    pub fn texts(&self) -> Vec<(&Step, String)> {
        let mut buffers: BTreeMap<Process, String> = BTreeMap::new();
        let mut texts = Vec::new();
        for step in &self.steps {
            let text = match &step.operation {
                Operation::Print { text, .. } => text.as_str(),
                Operation::Exit(_) => "",
                _ => continue,
            };
            let buffer = buffers.entry(self.actors[step.actor.0].process).or_default();
            buffer.push_str(text);
            let end =
                if text.is_empty() { buffer.len() } else { buffer.rfind('\n').map_or(0, |last| last + 1) };
            if end > 0 {
                let rest = buffer.split_off(end);
                texts.push((step, mem::replace(buffer, rest)));
            }
        }
        texts
    }

    /// Returns whether an actor is created once the steps of `clock` are taken.
    pub(crate) fn is_created(&self, actor: Actor, clock: &Clock) -> bool {
        self.actors[actor.0].created_after.as_ref().is_some_and(|created| clock.includes(created))
    }

    /// Returns the steps that actors have announced and not taken when the run ends.
    #[must_use]
    pub fn waiting(&self) -> &[Waiting] {
        match &self.ending {
            Ending::Exited(_) => &[],
            Ending::WaitsForever(waiting) | Ending::Stopped(waiting) => waiting,
        }
    }

    /// Returns the actors of this run in the order in which they are created if the steps are taken in the order of
    /// `self.steps`: an actor creates others right after a step. An exploration that begins with this run numbers them so.
    #[must_use]
    pub fn by_creation(&self) -> Vec<Actor> {
        let created = |number: usize| {
            let clock = self.actors[number].created_after.as_ref()?;
            Some(self.steps.iter().rposition(|step| clock.of(step.actor) >= step.nth))
        };
        let mut actors: Vec<_> =
            (0..self.actors.len()).filter_map(|number| Some((created(number)?, number))).collect();
        actors.sort_unstable();
        actors.into_iter().map(|(_, number)| Actor(number)).collect()
    }
}
