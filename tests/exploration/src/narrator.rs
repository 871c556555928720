//! The story of a run: its steps in words, one after the other.

use std::collections::HashMap;

use crate::names::Names;
use crate::operation::{Actor, Object, Operation, Outcome};
use crate::run::{Ending, Run, Step, Waiting};
use crate::words;

/// Describes the steps of a run, one after the other: what the words for a step depend on, besides the step.
#[derive(Debug, Default)]
pub(crate) struct Narrator {
    holders: HashMap<Object, Actor>,
    /// On which condition variables actors wait.
    waiters: HashMap<Actor, Object>,
    ended: Vec<Actor>,
}

impl Narrator {
    /// Notes that the step was taken.
    pub(crate) fn take(&mut self, step: &Step) {
        let actor = step.actor;
        match step.operation {
            Operation::Lock(lock) => {
                self.holders.insert(lock, actor);
            }
            Operation::TryLock(lock) if step.outcome != Outcome::Refused => {
                self.holders.insert(lock, actor);
            }
            Operation::Unlock(lock) => {
                self.holders.remove(&lock);
            }
            Operation::Wait { condvar, lock } => {
                self.holders.remove(&lock);
                self.waiters.insert(actor, condvar);
            }
            Operation::Wake { lock, .. } => {
                self.holders.insert(lock, actor);
                self.waiters.remove(&actor);
            }
            Operation::End => self.ended.push(actor),
            _ => {}
        }
    }

    /// Describes a step, before it is noted.
    pub(crate) fn describe(&self, step: &Step, run: &Run, names: &Names) -> String {
        match step.operation {
            Operation::NotifyOne(condvar) | Operation::NotifyAll(condvar)
                if !self.waiters.values().any(|other| *other == condvar) =>
            {
                words::describe_lost_notification(condvar, names)
            }
            Operation::End if run.actors[step.actor.0].panic.is_some() => "panics".to_owned(),
            _ => words::describe(&step.operation, step.outcome, names),
        }
    }

    /// Describes a step that was not taken: what the actor will do, or what it waits for.
    pub(crate) fn describe_next(&self, next: &Waiting, names: &Names) -> String {
        if next.enabled {
            return words::describe_next(&next.operation, names);
        }
        let holder = match &next.operation {
            Operation::Lock(lock) | Operation::Wake { lock, .. } => self.holders.get(lock).copied(),
            _ => None,
        };
        let operation = match &next.operation {
            Operation::Join(actors) => {
                let running = actors.iter().filter(|actor| !self.ended.contains(actor));
                Operation::Join(running.copied().collect())
            }
            other => other.clone(),
        };
        words::describe_wait(next.actor, &operation, holder, names)
    }
}

/// Describes what went wrong in a run: a line each.
pub(crate) fn describe_failures(run: &Run, names: &Names) -> Vec<String> {
    let mut failures = Vec::new();
    match run.ending {
        Ending::WaitsForever(_) => {
            failures.push("Deadlock: no thread or process can take another step.".to_owned());
        }
        Ending::Exited(0) | Ending::Stopped(_) => {}
        Ending::Exited(status) => failures.push(format!("The program failed{}.", words::failed(status))),
    }
    for (number, actor) in run.actors.iter().enumerate() {
        let panic = actor.panic.iter();
        failures.extend(panic.map(|message| format!("{} panicked: {message}", names.actor(Actor(number)))));
    }
    if let Ending::Exited(_) = run.ending {
        let children = run.not_waited_for.iter().map(|process| names.process(*process));
        failures.extend(children.map(|name| {
            format!(
                "The process `{name}` is never waited for: if it ends before its parent, it is a zombie until its \
                 parent ends."
            )
        }));
    }
    failures
}
