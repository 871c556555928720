//! The twin in Python, held to what this lesson can print.

use course_tests::python::Twin;
use course_tests::{Program, Tidy};

use crate::orders::LESSON;

fn twin() -> Option<Twin> {
    Twin::of(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_twin_prints_nothing_that_the_lesson_cannot() {
    let Some(twin) = twin() else { return };
    let lesson = Program::new(env!("CARGO_BIN_EXE_THE_LESSON"));
    let nothing_erased = Tidy::new();
    twin.hold(&[], &lesson, &nothing_erased, Some(LESSON.outputs.len()), |run| {
        LESSON.assert_allow(&run.output, &nothing_erased);
    });
}

#[test]
fn the_twin_starts_a_thread_before_main_s_line_and_joins_it_after_that() {
    let Some(twin) = twin() else { return };
    assert_eq!(twin.deeds(&[])["main"], ["starts Thread task", "says this is main", "joins task"]);
}

#[test]
fn the_twin_has_the_manners_of_the_lesson() {
    let Some(twin) = twin() else { return };
    twin.assert_manners(&["takes no arguments"]);
}
