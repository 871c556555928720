//! What the lesson guarantees: its own file under every schedule.

use std::process::program;
use std::real::sync::LazyLock;

use course_tests::{Program, TraceSpec, assert_guarantees};
use exploration::Exploration;
use exploration::explore::every_schedule;

use crate::{lesson, scenarios};

pub(crate) static OUTLIVED: LazyLock<Exploration> =
    LazyLock::new(|| every_schedule(program(lesson::main, &["outlived"])));

pub(crate) static CUT_OFF: LazyLock<Exploration> =
    LazyLock::new(|| every_schedule(program(lesson::main, &["cut-off"])));

#[test]
fn guarantees_of_outlived() {
    assert_guarantees!("outlived", OUTLIVED.guarantees(scenarios().spec("outlived")));
}

#[test]
fn guarantees_of_cut_off() {
    assert_guarantees!("cut-off", CUT_OFF.guarantees(scenarios().spec("cut-off")));
}

#[test]
fn without_an_argument_it_runs_both_one_after_the_other() {
    every_schedule(program(lesson::main, &[])).assert_runs_in_order(&[&OUTLIVED, &CUT_OFF]);
}

#[test]
fn the_listing_of_the_tutorial_and_a_real_run_are_possible() {
    OUTLIVED.assert_allows(include_str!("../listings/outlived.txt"), &TraceSpec::new());
    let real = Program::new(env!("CARGO_BIN_EXE_daemon")).arg("outlived").run();
    OUTLIVED.assert_allows(&real.output, &TraceSpec::new());
}

#[test]
fn a_real_run_in_which_the_daemon_is_cut_off_is_possible() {
    let real = Program::new(env!("CARGO_BIN_EXE_daemon")).arg("cut-off").run();
    CUT_OFF.assert_allows(&real.output, &TraceSpec::new());
}
