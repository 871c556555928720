//! What the lesson guarantees: its own file under every schedule.

use std::sync::LazyLock;

use course_tests::{Program, TraceSpec, assert_guarantees};
use scheduled_std::explore::{self, Exploration};

use crate::{lesson, scenarios};

pub(crate) static LESSON: LazyLock<Exploration> =
    LazyLock::new(|| explore::every_schedule(lesson::lesson_main));

#[test]
fn guarantees_of_the_lesson() {
    assert_guarantees!("", LESSON.guarantees(scenarios().spec("")));
}

#[test]
fn a_real_run_is_possible() {
    let real = Program::new(env!("CARGO_BIN_EXE_THE_LESSON")).run();
    LESSON.assert_allows(&real.output, &TraceSpec::new());
}
