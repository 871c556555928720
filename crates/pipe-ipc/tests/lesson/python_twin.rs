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
fn a_producer_of_the_twin_says_what_it_sends_before_it_sends_it() {
    let Some(twin) = twin() else { return };
    let said_and_sent = |name: &str| -> Vec<_> {
        let data = (0..5).map(|i| format!("producer{name}生产了{i}"));
        data.flat_map(|data| [format!("says {data}"), format!("sends {data}")]).collect()
    };
    for scenario in ["duplex", "simplex"] {
        let deeds = twin.deeds(&[scenario]);
        assert_eq!(deeds["produce_into_pipe producer1"], said_and_sent("producer1"), "{scenario}");
    }
    let deeds = twin.deeds(&["queue"]);
    for name in ["producer1", "producer2"] {
        assert_eq!(deeds[&format!("produce {name}")], said_and_sent(name), "queue");
    }
}

#[test]
fn the_actors_of_the_twin_are_processes() {
    let Some(twin) = twin() else { return };
    let main = |scenario: &str| twin.deeds(&[scenario]).remove("main").expect("main does something");
    let of_the_pipe = [
        "starts Process produce_into_pipe producer1",
        "starts Process consume_from_pipe customer1",
        "joins produce_into_pipe producer1",
        "joins consume_from_pipe customer1",
    ];
    assert_eq!(main("duplex"), of_the_pipe);
    assert_eq!(main("simplex"), of_the_pipe);
    assert_eq!(
        main("queue"),
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
}

#[test]
fn the_twin_has_the_manners_of_the_lesson() {
    let Some(twin) = twin() else { return };
    twin.assert_manners(&["duplex", "simplex", "queue"]);
    assert_runs_all_in_order(&twin.program(), &scenarios().in_order());
}
