//! The programs in a lesson's `wrong/`: what shows that each is wrong, what fixes it, and how often its mistake shows.
//!
//! - `mistake`: such a program, and the fixed one.
//! - `compiled`: compiles and runs one. Most of them hang or do something else that a lesson never does.
//! - `outcome`: the result of one run, real or explored.
//! - [`frequency`]: in how many real runs, and in how many possible outcomes, a mistake or a coincidence shows.

mod compiled;
pub mod frequency;
mod mistake;
mod outcome;

pub use compiled::{Compiled, assert_hangs_after, real_runs};
pub use mistake::Mistake;
pub use outcome::{Outcome, Outcomes, summaries};
