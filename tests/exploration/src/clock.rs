//! Vector clocks: which steps of a run come before which others.

use crate::operation::Actor;

/// For each actor, how many of its first steps come before something or are it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Clock(Vec<u32>);

impl Clock {
    /// Returns how many steps of `actor` the clock counts.
    #[must_use]
    pub fn of(&self, actor: Actor) -> u32 {
        self.0.get(actor.0).copied().unwrap_or_default()
    }

    /// Counts the first `steps` steps of `actor`.
    pub fn set(&mut self, actor: Actor, steps: u32) {
        if self.0.len() <= actor.0 {
            self.0.resize(actor.0 + 1, 0);
        }
        self.0[actor.0] = steps;
    }

    /// Returns whether the clock counts all that `other` counts.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        other.0.iter().enumerate().all(|(actor, steps)| self.of(Actor(actor)) >= *steps)
    }

    /// Counts what `other` counts too.
    pub fn join(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own = (*own).max(*other);
        }
    }
}
