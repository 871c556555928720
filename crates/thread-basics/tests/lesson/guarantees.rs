//! What the lesson guarantees: its own file under every schedule.

use std::sync::LazyLock;

use course_tests::{Program, TraceSpec, assert_guarantees};
use scheduled_std::explore::{self, Exploration};

use crate::{lesson, scenarios};

pub(crate) static THREAD: LazyLock<Exploration> =
    LazyLock::new(|| explore::every_schedule(lesson::thread_main));

#[test]
fn guarantees_of_the_thread() {
    assert_guarantees!("thread", THREAD.guarantees(scenarios().spec("thread")));
}

#[test]
fn the_listing_of_the_tutorial_and_a_real_run_are_possible() {
    THREAD.assert_allows(include_str!("../listings/thread.txt"), &TraceSpec::new());
    let real = Program::new(env!("CARGO_BIN_EXE_thread-basics")).arg("thread").run();
    THREAD.assert_allows(&real.output, &TraceSpec::new());
}
