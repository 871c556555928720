//! What the lesson guarantees: its own file under every schedule.

use scheduled_std::explore::{self, Exploration};
use std::sync::LazyLock;

use course_tests::{Program, TraceSpec};

use crate::actors::scenarios;
use crate::lesson;

pub(crate) static LESSON: LazyLock<Exploration> =
    LazyLock::new(|| explore::every_schedule(lesson::lesson_main));

#[test]
fn guarantees() {
    insta::assert_snapshot!("guarantees", LESSON.guarantees(scenarios().spec("")));
}

#[test]
fn the_output_of_a_real_run_is_possible() {
    let real = Program::new(env!("CARGO_BIN_EXE_THE_LESSON")).run();
    LESSON.assert_allows(&real.output, &TraceSpec::new());
}
