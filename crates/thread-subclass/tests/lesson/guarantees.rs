//! What the lesson guarantees: its own file under every schedule.

use std::process::program;
use std::real::sync::LazyLock;

use course_tests::{Program, TraceSpec, assert_guarantees};
use exploration::Exploration;
use exploration::explore::every_schedule;

use crate::{lesson, scenarios};

pub(crate) static SUBCLASS: LazyLock<Exploration> =
    LazyLock::new(|| every_schedule(program(lesson::main, &[])));

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
