//! The tests of the lesson itself: its real runs, its guarantees, its Python twin and its mistakes.
//!
//! All in one program, so that one test can work while another sleeps.

// In this test program `std`, `parking_lot` and `scenarios` are their scheduled counterparts. The lesson and the programs of
// `wrong/`, which are modules here, run unchanged under a scheduler that tries every order of their threads and processes.
#[macro_use]
extern crate scheduled_std as std;
extern crate scheduled_parking_lot as parking_lot;
extern crate scheduled_scenarios as scenarios;

#[path = "../../src/main.rs"]
mod lesson;

mod actors;
mod coincidences;
mod guarantees;
mod mistakes;
mod python_twin;
mod real_run;
mod scenes;

use course_tests::trace::scenarios::Scenarios;

/// The scenarios of the lesson, and which actor prints which line: see `actors.toml`.
pub(crate) fn scenarios() -> Scenarios {
    Scenarios::of(env!("CARGO_MANIFEST_DIR"))
}
