//! What the lesson promises: its own file, under every schedule.

use scheduled_std::explore::{self, Exploration};
use std::sync::LazyLock;

use course_tests::{Program, TraceSpec};

use crate::actors::scenarios;
use crate::lesson;

pub(crate) static THREAD: LazyLock<Exploration> =
    LazyLock::new(|| explore::every_schedule(lesson::thread_main));

#[test]
fn guarantees() {
    insta::assert_snapshot!("guarantees", THREAD.guarantees(scenarios().spec("thread")));
}

#[test]
fn what_the_tutorial_shows_and_what_a_real_run_prints_are_possible() {
    THREAD.assert_allows(include_str!("../listings/thread.txt"), &TraceSpec::new());
    let real = Program::new(env!("CARGO_BIN_EXE_thread-basics")).arg("thread").run();
    THREAD.assert_allows(&real.output, &TraceSpec::new());
}
