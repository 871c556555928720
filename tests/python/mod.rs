//! Runs the Python counterpart of a lesson, its *twin*: `python/LESSON.py`.
//!
//! - [`Python`]: the `python3` on this machine.
//! - [`Twin`]: the twin of a lesson, and what a test can ask of it.
//! - [`count_outputs`]: compares how many outputs the twin and the lesson show.
//!
//! Without a `python3` the tests of the twins pass, and print that they were skipped. With `REQUIRE_PYTHON3` set they
//! fail. With `TWIN_RUNS=200` set, each twin and each lesson is run 200 times, and the tests print how many different
//! outputs each has shown:
//!
//! ```text
//! TWIN_RUNS=200 cargo test --workspace python_twin::
//! ```

mod interpreter;
mod twin;

pub use interpreter::{DESCRIPTION_VAR, Python, describe, output_of};
pub use twin::{Twin, count_outputs};
