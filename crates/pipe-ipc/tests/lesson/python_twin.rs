//! The twin in Python, held to the order that this lesson keeps.

use crate::actors::scenarios;
use course_tests::manners::assert_runs_all_in_order;
use course_tests::python::Twin;
use course_tests::{Program, Run, Tidy};

fn twin() -> Option<Twin> {
    Twin::of(env!("CARGO_MANIFEST_DIR"))
}

fn hold(scenario: &str) {
    let Some(twin) = twin() else { return };
    let scenarios = scenarios();
    let tidy = scenarios.tidy(scenario);
    let snapshot = twin.snapshot(&format!("real_run__{scenario}"));
    let check = |run: &Run| assert_eq!(tidy.run(run), snapshot, "it printed:\n{}", run.output);
    let lesson = Program::new(env!("CARGO_BIN_EXE_pipe-ipc"));
    twin.hold(&[scenario], &lesson, &Tidy::new(), None, check);
    twin.hold_with_other_start_methods(&[scenario], check);
}

#[test]
fn over_a_two_way_connection_the_twin_tidies_to_the_text_of_the_lesson() {
    hold("duplex");
}

#[test]
fn over_a_one_way_pipe_the_twin_tidies_to_the_text_of_the_lesson() {
    hold("simplex");
}

#[test]
fn through_a_queue_the_twin_tidies_to_the_text_of_the_lesson() {
    hold("queue");
}

#[test]
fn the_twin_has_the_manners_of_the_lesson() {
    let Some(twin) = twin() else { return };
    twin.assert_manners(&["duplex", "simplex", "queue"]);
    assert_runs_all_in_order(&twin.program(), &scenarios().in_order());
}
