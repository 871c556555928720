//! What the lesson promises: its own file, under every schedule.

use scheduled_std::explore::{self, Exploration};
use std::sync::LazyLock;

use course_tests::{Program, TraceSpec};

use crate::actors::scenarios;
use crate::lesson;

pub(crate) static SUBCLASS: LazyLock<Exploration> =
    LazyLock::new(|| explore::every_schedule(lesson::subclass_main));

#[test]
fn guarantees() {
    insta::assert_snapshot!("guarantees", SUBCLASS.guarantees(scenarios().spec("")));
}

#[test]
fn what_the_tutorial_shows_and_what_a_real_run_prints_are_possible() {
    SUBCLASS.assert_allows(include_str!("../listings/subclass.txt"), &TraceSpec::new());
    let real = Program::new(env!("CARGO_BIN_EXE_thread-subclass")).run();
    SUBCLASS.assert_allows(&real.output, &TraceSpec::new());
}
