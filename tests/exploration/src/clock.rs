//! STUB: the vector clock of the kernel takes its place.

use crate::operation::Actor;

/// Of each actor, how many of its steps have happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clock(pub(crate) Vec<u32>);

impl Clock {
    /// Returns how many steps of `actor` have happened.
    #[must_use]
    pub fn get(&self, actor: Actor) -> u32 {
        self.0.get(actor.0).copied().unwrap_or(0)
    }
}
