//! The twin in Python, held to what this lesson can print.

use course_tests::python::Twin;
use course_tests::{Program, TraceSpec};

use crate::guarantees::SUBCLASS;

fn twin() -> Option<Twin> {
    Twin::of(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_twin_prints_nothing_that_the_lesson_cannot() {
    let Some(twin) = twin() else { return };
    let lesson = Program::new(env!("CARGO_BIN_EXE_thread-subclass"));
    let nothing_redacted = TraceSpec::new();
    twin.check(&[], &lesson, &nothing_redacted, Some(SUBCLASS.outputs.len()), |run| {
        SUBCLASS.assert_allows(&run.output, &nothing_redacted);
    });
}

#[test]
fn the_twin_starts_its_own_kind_of_thread() {
    let Some(twin) = twin() else { return };
    assert_eq!(twin.events(&[])["main"], ["starts Thread MyThread", "says this is a main process"]);
}

#[test]
fn the_twin_has_the_command_line_contract_of_the_lesson() {
    let Some(twin) = twin() else { return };
    twin.assert_cli_contract(&["takes no arguments"]);
}
