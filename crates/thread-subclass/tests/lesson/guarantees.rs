//! What the lesson guarantees: its own file under every schedule.

use std::sync::LazyLock;

use course_tests::{Program, TraceSpec, assert_guarantees};
use scheduled_std::explore::{self, Exploration};

use crate::{lesson, scenarios};

pub(crate) static SUBCLASS: LazyLock<Exploration> =
    LazyLock::new(|| explore::every_schedule(lesson::subclass_main));

#[test]
fn guarantees_of_the_subclass() {
    assert_guarantees!("", SUBCLASS.guarantees(scenarios().spec("")));
}

#[test]
fn the_listing_of_the_tutorial_and_a_real_run_are_possible() {
    SUBCLASS.assert_allows(include_str!("../listings/subclass.txt"), &TraceSpec::new());
    let real = Program::new(env!("CARGO_BIN_EXE_thread-subclass")).run();
    SUBCLASS.assert_allows(&real.output, &TraceSpec::new());
}
