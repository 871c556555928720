//! The Python twin prints only what the lesson can.

use course_tests::guarantees::Outputs;
use course_tests::python::{Twin, count_outputs};
use course_tests::{Program, TraceSpec};

use crate::guarantees::LESSON;

fn twin() -> Option<Twin> {
    Twin::of(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_twin_prints_only_possible_outputs_of_the_lesson() {
    let Some(twin) = twin() else { return };
    let lesson = Program::new(env!("CARGO_BIN_EXE_THE_LESSON"));
    let exact = TraceSpec::new();
    let runs = twin.check(&[], |run| LESSON.assert_allows(&run.output, &exact));
    count_outputs(&runs, &lesson, &exact, LESSON.outputs().map(Outputs::len));
}

#[test]
fn the_twin_starts_a_thread_before_main_prints_and_joins_it_after_that() {
    let Some(twin) = twin() else { return };
    assert_eq!(twin.events(&[])["main"], ["starts Thread task", "prints this is main", "joins task"]);
}

#[test]
fn the_twin_has_the_same_command_line_as_the_lesson() {
    let Some(twin) = twin() else { return };
    twin.assert_cli_contract(&["takes no arguments"]);
}
