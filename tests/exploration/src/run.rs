//! The record of a run.

use std::panic::Location;

use crate::clock::Clock;
use crate::operation::{Actor, Operation, Outcome, Process};

/// A run: which actors there were, what they did in which order, and how it ended.
#[derive(Debug, Clone)]
pub struct Run {
    /// The actors, by their numbers.
    pub actors: Vec<ActorInfo>,
    /// The steps, in the order in which they were taken.
    pub steps: Vec<Step>,
    /// How it ended.
    pub ending: Ending,
    /// The child processes that ended, and for whose end no process waited.
    pub zombies: Vec<Process>,
    /// The child processes that were still running when the process that started them ended.
    pub orphans: Vec<Process>,
}

/// An actor of a run.
#[derive(Debug, Clone)]
pub struct ActorInfo {
    /// The name of the thread; of a process, if it is its main thread; empty if it has none.
    pub name: String,
    /// The process to which it belongs. The main thread of a process has the lowest number.
    pub process: Process,
    /// The steps of the actor that created it up to then, and the steps before them.
    pub created_after: Clock,
    /// The message of the panic with which it ended.
    pub panic: Option<String>,
}

/// A step that was taken.
#[derive(Debug, Clone)]
pub struct Step {
    /// The actor that took it.
    pub actor: Actor,
    /// What it did.
    pub operation: Operation,
    /// What that came to.
    pub outcome: Outcome,
    /// The place in the source.
    pub place: &'static Location<'static>,
    /// Of each actor, how many of its steps must come before this one, or are it.
    pub clock: Clock,
    /// Its number among the steps of its actor, from 1.
    pub nth: u32,
    /// What the actor printed on standard error since its last step.
    pub notes: Vec<String>,
}

/// The end of a run.
#[derive(Debug, Clone)]
pub enum Ending {
    /// All processes have ended; the first one with this status, as `ExitStatus::from_raw` takes it.
    Exited(i32),
    /// Some process has not ended, and no actor can take its next step.
    WaitsForever {
        /// The actors that have a next step.
        waiting: Vec<Waiting>,
    },
}

/// A step that an actor waits to take when the run ends.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The actor.
    pub actor: Actor,
    /// The step.
    pub operation: Operation,
    /// The place in the source.
    pub place: &'static Location<'static>,
}

impl Step {
    /// Returns whether `other` must come before this step, or is it.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        self.clock.get(other.actor) >= other.nth
    }
}

impl Run {
    /// Returns the actors that wait to take a step when the run ends.
    #[must_use]
    pub fn waiting(&self) -> &[Waiting] {
        match &self.ending {
            Ending::Exited(_) => &[],
            Ending::WaitsForever { waiting } => waiting,
        }
    }

    /// Returns the actors in the order in which they are created if the steps are taken in the order of `self.steps`. An
    /// actor creates others right after a step. A run in this order therefore numbers them so.
    #[must_use]
    pub fn by_creation(&self) -> Vec<Actor> {
        let created = |actor: &Actor| {
            let clock = &self.actors[actor.0].created_after;
            self.steps.iter().rposition(|step| clock.get(step.actor) >= step.nth)
        };
        let mut actors: Vec<_> = (0..self.actors.len()).map(Actor).collect();
        actors.sort_by_key(created);
        actors
    }
}
