//! What every possible output of a scenario has in common: its guarantees.
//!
//! - `data`: the guarantees, and what follows from them. Start here.
//! - `partial_order`: what one run prints, and which of it has a fixed order. An exploration finds a set of them.
//! - `outputs`: the outputs that partial orders allow.
//! - `derive`: finds the guarantees in outputs, or in partial orders if these have too many outputs.
//! - `facts`: what partial orders have in common, collected one by one.
//! - `labels`, `relations`: what identifies a line in all outputs; what is true of each two lines.
//! - `observe`: the guarantees of a program that is not explored: a declaration that real runs keep.
//! - `words`: formats guarantees as text for people; `chinese`: translates it.
//! - [`changes`]: what one version guarantees and another does not.
//! - [`stored`]: how guarantees are stored and compared, by [`assert_guarantees!`](crate::assert_guarantees).

pub mod changes;
mod chinese;
mod data;
mod derive;
mod facts;
mod labels;
#[cfg(test)]
mod laws;
mod observe;
#[cfg(test)]
mod order_laws;
mod outputs;
mod partial_order;
mod relations;
pub mod stored;
mod words;

pub use chinese::in_chinese;
pub use data::{Evidence, Guarantees, Line, Pair, Presence};
pub use derive::{derive, derive_orders};
pub use facts::Facts;
pub use observe::observe;
pub use outputs::{MAX_OUTPUTS, Outputs, allow, for_each_output, outputs};
pub use partial_order::PartialOrder;
