//! What the lesson promises: its own file, under every schedule.

use std::sync::LazyLock;
use std::{Orders, every_order};

use course_tests::{Program, Tidy};

use crate::actors::scenarios;
use crate::lesson;

pub(crate) static OUTLIVED: LazyLock<Orders> = LazyLock::new(|| every_order(lesson::outlived));

pub(crate) static CUT_OFF: LazyLock<Orders> = LazyLock::new(|| every_order(lesson::cut_off));

#[test]
fn guarantees_of_outlived() {
    insta::assert_snapshot!("guarantees of outlived", OUTLIVED.promises(scenarios().tidy("outlived")));
}

#[test]
fn guarantees_of_cut_off() {
    insta::assert_snapshot!("guarantees of cut-off", CUT_OFF.promises(scenarios().tidy("cut-off")));
}

#[test]
fn what_the_tutorial_shows_and_what_a_real_run_prints_are_possible() {
    OUTLIVED.assert_allow(include_str!("../listings/outlived.txt"), &Tidy::new());
    let real = Program::new(env!("CARGO_BIN_EXE_daemon")).arg("outlived").run();
    OUTLIVED.assert_allow(&real.output, &Tidy::new());
}

#[test]
fn what_a_real_run_prints_when_the_daemon_is_cut_off_is_possible() {
    let real = Program::new(env!("CARGO_BIN_EXE_daemon")).arg("cut-off").run();
    CUT_OFF.assert_allow(&real.output, &Tidy::new());
}
