//! What the lesson guarantees: its own file under every schedule.

use std::process::program;
use std::real::sync::LazyLock;

use course_tests::{Program, TraceSpec, assert_guarantees};
use exploration::Exploration;
use exploration::explore::every_schedule;

use crate::{lesson, scenarios};

pub(crate) static LESSON: LazyLock<Exploration> =
    LazyLock::new(|| every_schedule(program(lesson::main, &[])));

#[test]
fn guarantees_of_the_lesson() {
    assert_guarantees!("", LESSON.guarantees(scenarios().spec("")));
}

#[test]
fn a_real_run_is_possible() {
    let real = Program::new(env!("CARGO_BIN_EXE_THE_LESSON")).run();
    LESSON.assert_allows(&real.output, &TraceSpec::new());
}
