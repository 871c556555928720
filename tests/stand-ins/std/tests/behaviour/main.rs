//! What the stand-in does by itself, beyond the steps that the exploration knows: each test is a small program under every
//! schedule.

#[macro_use]
extern crate scheduled_std as std;
extern crate scheduled_scenarios as scenarios;

mod locks;
mod messages;
mod output;
mod pipes;
mod processes;
mod threads;

use course_tests::mistakes::summaries;
use exploration::explore::{every_schedule, explore_failing};

/// Returns the outputs of a program that never fails.
fn outputs(program: impl Fn() + Send + Sync + 'static) -> Vec<String> {
    summaries(&every_schedule(program).outcomes())
}

/// Returns the outcomes of a program that may wait forever, panic or exit with an error.
fn outcomes(program: impl Fn() + Send + Sync + 'static) -> Vec<String> {
    summaries(&explore_failing(program).outcomes())
}
