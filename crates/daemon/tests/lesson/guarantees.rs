//! What the lesson promises: its own file, under every schedule.

use scheduled_std::explore::{self, Exploration};
use std::sync::LazyLock;

use course_tests::{Program, TraceSpec};

use crate::actors::scenarios;
use crate::lesson;

pub(crate) static OUTLIVED: LazyLock<Exploration> =
    LazyLock::new(|| explore::every_schedule(lesson::outlived));

pub(crate) static CUT_OFF: LazyLock<Exploration> = LazyLock::new(|| explore::every_schedule(lesson::cut_off));

#[test]
fn guarantees_of_outlived() {
    insta::assert_snapshot!("guarantees of outlived", OUTLIVED.guarantees(scenarios().spec("outlived")));
}

#[test]
fn guarantees_of_cut_off() {
    insta::assert_snapshot!("guarantees of cut-off", CUT_OFF.guarantees(scenarios().spec("cut-off")));
}

#[test]
fn what_the_tutorial_shows_and_what_a_real_run_prints_are_possible() {
    OUTLIVED.assert_allows(include_str!("../listings/outlived.txt"), &TraceSpec::new());
    let real = Program::new(env!("CARGO_BIN_EXE_daemon")).arg("outlived").run();
    OUTLIVED.assert_allows(&real.output, &TraceSpec::new());
}

#[test]
fn what_a_real_run_prints_when_the_daemon_is_cut_off_is_possible() {
    let real = Program::new(env!("CARGO_BIN_EXE_daemon")).arg("cut-off").run();
    CUT_OFF.assert_allows(&real.output, &TraceSpec::new());
}
