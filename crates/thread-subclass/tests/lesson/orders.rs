//! What the lesson promises: its own file, under every schedule.

use std::sync::LazyLock;
use std::{Orders, every_order};

use course_tests::{Program, Tidy};

use crate::actors::scenarios;
use crate::lesson;

pub(crate) static SUBCLASS: LazyLock<Orders> = LazyLock::new(|| every_order(lesson::subclass_main));

#[test]
fn guarantees() {
    insta::assert_snapshot!("guarantees", SUBCLASS.promises(scenarios().tidy("")));
}

#[test]
fn what_the_tutorial_shows_and_what_a_real_run_prints_are_possible() {
    SUBCLASS.assert_allow(include_str!("../listings/subclass.txt"), &Tidy::new());
    let real = Program::new(env!("CARGO_BIN_EXE_thread-subclass")).run();
    SUBCLASS.assert_allow(&real.output, &Tidy::new());
}
