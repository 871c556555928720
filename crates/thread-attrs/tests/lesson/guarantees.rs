//! What the lesson guarantees: its own file under every schedule.

use std::sync::LazyLock;

use course_tests::{Program, assert_guarantees};
use scheduled_std::explore::{self, Exploration};

use crate::{lesson, scenarios};

pub(crate) static ATTRS: LazyLock<Exploration> = LazyLock::new(|| {
    explore::every_schedule(|| lesson::one_process(&[Some("silence"), None]).expect("two threads"))
});

#[test]
fn guarantees_of_the_attributes() {
    assert_guarantees!("", ATTRS.guarantees(scenarios().spec("")));
}

#[test]
fn a_real_run_without_its_child_process_is_possible() {
    let real = Program::new(env!("CARGO_BIN_EXE_thread-attrs")).run();
    // The child process comes last, and is not explored.
    let threads: Vec<_> = real.lines().filter(|line| !line.starts_with("child process")).collect();
    ATTRS.assert_allows(&threads.join("\n"), scenarios().spec(""));
}
