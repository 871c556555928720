//! What the tests of all lessons share.
//!
//! - [`program`]: runs a lesson's program in a cleaned environment, with a time limit, and fails if it leaves a
//!   process behind.
//! - [`group`]: the process group beneath it, which `cargo xtask run-all` uses too.
//! - `held`: a program that is held where it prints, so that a test can look at its processes (Linux).
//! - [`manners`]: what every lesson does: its scenarios, its errors, its end when nobody reads.
//! - [`promises`]: says in words what holds in every one of a set of outputs.
//! - [`guarantees`]: reads these words, and says what follows from them.
//! - [`observed`]: the same for programs that can only be run often.
//! - [`python`]: runs the twin of a lesson in Python, where there is a Python.
//! - [`cargo`]: runs cargo from within a program that cargo runs.
//! - [`compiler`]: asks the compiler what is wrong with a program.
//! - [`tidy`]: turns what a run printed into the text that every legal run would give.
//! - [`lanes`]: who prints which line in each scenario, for all tests of a lesson and for `cargo xtask lanes`.
//! - [`wrong`]: programs that are wrong on purpose: what shows it, and what mends it.
//! - [`figures`]: how often a mistake shows, and what only looks as if it were promised.

mod blocked;
pub mod cargo;
pub mod compiler;
mod erasure;
pub mod figures;
pub mod group;
pub mod guarantees;
#[cfg(target_os = "linux")]
pub mod held;
pub mod lanes;
pub mod manners;
pub mod observed;
pub mod program;
pub mod promises;
pub mod python;
pub mod tidy;
mod unordered;
pub mod wrong;

pub use program::{Program, Run};
pub use tidy::Tidy;
