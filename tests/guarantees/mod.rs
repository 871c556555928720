//! What every possible output of a scenario has in common.

mod data;
mod derive;
mod observed;

pub use data::{Guarantees, Pair, body};
pub use derive::{Outputs, guarantees};
pub use observed::observed;
