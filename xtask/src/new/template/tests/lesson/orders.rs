//! What the lesson promises: its own file, under every schedule.

use std::sync::LazyLock;
use std::{Orders, every_order};

use course_tests::{Program, Tidy};

use crate::actors::scenarios;
use crate::lesson;

pub(crate) static LESSON: LazyLock<Orders> = LazyLock::new(|| every_order(lesson::lesson_main));

#[test]
fn guarantees() {
    insta::assert_snapshot!("guarantees", LESSON.promises(scenarios().tidy("")));
}

#[test]
fn what_a_real_run_prints_is_possible() {
    let real = Program::new(env!("CARGO_BIN_EXE_THE_LESSON")).run();
    LESSON.assert_allow(&real.output, &Tidy::new());
}
