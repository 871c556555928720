//! The Python twin keeps the order that the lesson keeps.

use crate::scenarios;
use course_tests::python::{Twin, count_outputs};
use course_tests::run::cli_contract::assert_runs_all_in_order;
use course_tests::{Program, Run, TraceSpec};

fn twin() -> Option<Twin> {
    Twin::of(env!("CARGO_MANIFEST_DIR"))
}

fn check(scenario: &str) {
    let Some(twin) = twin() else { return };
    let scenarios = scenarios();
    let spec = scenarios.spec(scenario);
    let snapshot = twin.snapshot(&format!("real_run__{scenario}"));
    let same = |run: &Run| assert_eq!(spec.canonical_run(run), snapshot, "it printed:\n{}", run.output);
    let lesson = Program::new(env!("CARGO_BIN_EXE_pipe-ipc"));
    let runs = twin.check(&[scenario], same);
    count_outputs(&runs, &lesson.arg(scenario), &TraceSpec::new(), None);
    twin.check_other_start_methods(&[scenario], same);
}

#[test]
fn over_a_two_way_connection_the_twin_has_the_canonical_form_of_the_lesson() {
    check("duplex");
}

#[test]
fn over_a_one_way_pipe_the_twin_has_the_canonical_form_of_the_lesson() {
    check("simplex");
}

#[test]
fn through_a_queue_the_twin_has_the_canonical_form_of_the_lesson() {
    check("queue");
}

/// Returns what a producer does: it prints each item before it sends it.
fn printed_and_sent(name: &str) -> Vec<String> {
    let data = (0..5).map(|i| format!("producer{name}生产了{i}"));
    data.flat_map(|data| [format!("prints {data}"), format!("sends {data}")]).collect()
}

#[test]
fn over_both_pipes_the_twin_starts_processes_and_its_producer_prints_before_it_sends() {
    let Some(twin) = twin() else { return };
    for scenario in ["duplex", "simplex"] {
        let events = twin.events(&[scenario]);
        assert_eq!(
            events["main"],
            [
                "starts Process produce_into_pipe producer1",
                "starts Process consume_from_pipe customer1",
                "joins produce_into_pipe producer1",
                "joins consume_from_pipe customer1",
            ],
            "{scenario}"
        );
        assert_eq!(events["produce_into_pipe producer1"], printed_and_sent("producer1"), "{scenario}");
    }
}

#[test]
fn main_sends_the_end_through_the_queue_after_joining_the_producers() {
    let Some(twin) = twin() else { return };
    let events = twin.events(&["queue"]);
    assert_eq!(
        events["main"],
        [
            "starts Process produce producer1",
            "starts Process produce producer2",
            "starts Process consume_from_queue customer1",
            "starts Process consume_from_queue customer2",
            "joins produce producer1",
            "joins produce producer2",
            "sends None",
            "sends None",
            "joins consume_from_queue customer1",
            "joins consume_from_queue customer2",
        ]
    );
    for name in ["producer1", "producer2"] {
        assert_eq!(events[&format!("produce {name}")], printed_and_sent(name));
    }
}

#[test]
fn the_twin_has_the_same_command_line_as_the_lesson() {
    let Some(twin) = twin() else { return };
    twin.assert_cli_contract(&["duplex", "simplex", "queue"]);
    assert_runs_all_in_order(&twin.program(), &scenarios());
}
