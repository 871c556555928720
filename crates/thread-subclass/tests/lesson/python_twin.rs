//! The twin in Python, held to what this lesson can print.

use course_tests::python::Twin;
use course_tests::{Program, Tidy};

use crate::orders::SUBCLASS;

fn twin() -> Option<Twin> {
    Twin::of(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_twin_prints_nothing_that_the_lesson_cannot() {
    let Some(twin) = twin() else { return };
    let lesson = Program::new(env!("CARGO_BIN_EXE_thread-subclass"));
    let nothing_erased = Tidy::new();
    twin.hold(&[], &lesson, &nothing_erased, Some(SUBCLASS.outputs.len()), |run| {
        SUBCLASS.assert_allow(&run.output, &nothing_erased);
    });
}

#[test]
fn the_twin_starts_its_own_kind_of_thread() {
    let Some(twin) = twin() else { return };
    assert_eq!(twin.deeds(&[])["main"], ["starts Thread MyThread", "says this is a main process"]);
}

#[test]
fn the_twin_has_the_manners_of_the_lesson() {
    let Some(twin) = twin() else { return };
    twin.assert_manners(&["takes no arguments"]);
}
