//! What every possible output of a scenario has in common: its guarantees.
//!
//! - `data`: the guarantees, and what follows from them. Start here.
//! - `derive`: finds them in the outputs of an exploration, or in a declaration that real runs keep.
//! - `words`: formats them as text for people.
//! - [`changes`]: what one version guarantees and another does not.
//! - [`stored`]: how they are stored and compared, by [`assert_guarantees!`](crate::assert_guarantees).

pub mod changes;
mod data;
mod derive;
#[cfg(test)]
mod laws;
pub mod stored;
mod words;

pub use data::{Evidence, Guarantees, Line, Pair};
pub use derive::{Outputs, derive, observe};
