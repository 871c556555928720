//! What the lesson guarantees: its own file under every schedule.

use std::process::program;
use std::real::sync::LazyLock;

use course_tests::{Program, assert_guarantees};
use exploration::Exploration;
use exploration::explore::every_schedule;

use crate::{lesson, scenarios};

pub(crate) static ATTRS: LazyLock<Exploration> = LazyLock::new(|| every_schedule(program(lesson::main, &[])));

#[test]
fn guarantees_of_the_attributes() {
    assert_guarantees!("", ATTRS.guarantees(scenarios().spec("")));
}

#[test]
fn a_real_run_is_possible() {
    let real = Program::new(env!("CARGO_BIN_EXE_thread-attrs")).run();
    ATTRS.assert_allows(&real.output, scenarios().spec(""));
}
