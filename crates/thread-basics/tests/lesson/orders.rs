//! What the lesson promises: its own file, under every schedule.

use std::sync::LazyLock;
use std::{Orders, every_order};

use course_tests::{Program, Tidy};

use crate::actors::scenarios;
use crate::lesson;

pub(crate) static THREAD: LazyLock<Orders> = LazyLock::new(|| every_order(lesson::thread_main));

#[test]
fn guarantees() {
    insta::assert_snapshot!("guarantees", THREAD.promises(scenarios().tidy("thread")));
}

#[test]
fn what_the_tutorial_shows_and_what_a_real_run_prints_are_possible() {
    THREAD.assert_allow(include_str!("../listings/thread.txt"), &Tidy::new());
    let real = Program::new(env!("CARGO_BIN_EXE_thread-basics")).arg("thread").run();
    THREAD.assert_allow(&real.output, &Tidy::new());
}
