//! The twin in Python, held to what this lesson can print.

#[macro_use]
extern crate scheduled_std as std;

use std::every_order;

use course_tests::python::Twin;
use course_tests::{Program, Tidy};

#[allow(dead_code, reason = "the lesson's program as a whole; its main cannot be explored")]
#[path = "../src/main.rs"]
mod lesson;

fn twin() -> Option<Twin> {
    Twin::of(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_twin_prints_nothing_that_the_lesson_cannot() {
    let Some(twin) = twin() else { return };
    let orders = every_order(lesson::subclass_main);
    let lesson = Program::new(env!("CARGO_BIN_EXE_thread-subclass"));
    let nothing_erased = Tidy::new();
    twin.hold(&[], &lesson, &nothing_erased, Some(orders.outputs.len()), |run| {
        orders.assert_allow(&run.output, &nothing_erased);
    });
}

#[test]
fn the_twin_has_the_manners_of_the_lesson() {
    let Some(twin) = twin() else { return };
    twin.assert_manners(&["one alone"]);
}
