//! The twin in Python, held to what this lesson can print.

use course_tests::python::Twin;
use course_tests::{Program, TraceSpec};

use crate::guarantees::LESSON;

fn twin() -> Option<Twin> {
    Twin::of(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_twin_prints_nothing_that_the_lesson_cannot() {
    let Some(twin) = twin() else { return };
    let lesson = Program::new(env!("CARGO_BIN_EXE_THE_LESSON"));
    let nothing_redacted = TraceSpec::new();
    twin.check(&[], &lesson, &nothing_redacted, Some(LESSON.outputs.len()), |run| {
        LESSON.assert_allows(&run.output, &nothing_redacted);
    });
}

#[test]
fn the_twin_starts_a_thread_before_main_s_line_and_joins_it_after_that() {
    let Some(twin) = twin() else { return };
    assert_eq!(twin.events(&[])["main"], ["starts Thread task", "says this is main", "joins task"]);
}

#[test]
fn the_twin_has_the_command_line_contract_of_the_lesson() {
    let Some(twin) = twin() else { return };
    twin.assert_cli_contract(&["takes no arguments"]);
}
