//! What the lesson guarantees: its own file under every schedule.

use std::process::program;
use std::real::sync::LazyLock;

use course_tests::{Program, TraceSpec, assert_guarantees};
use exploration::Exploration;
use exploration::explore::every_schedule;

use crate::{lesson, scenarios};

pub(crate) static DUPLEX: LazyLock<Exploration> =
    LazyLock::new(|| every_schedule(program(lesson::main, &["duplex"])));

pub(crate) static SIMPLEX: LazyLock<Exploration> =
    LazyLock::new(|| every_schedule(program(lesson::main, &["simplex"])));

#[test]
fn guarantees_of_the_two_way_connection() {
    assert_guarantees!("duplex", DUPLEX.guarantees(scenarios().spec("duplex")));
}

#[test]
fn guarantees_of_the_one_way_pipe() {
    assert_guarantees!("simplex", SIMPLEX.guarantees(scenarios().spec("simplex")));
}

#[test]
fn the_listing_of_the_tutorial_and_real_runs_are_possible() {
    for (scenario, explored) in [("duplex", &DUPLEX), ("simplex", &SIMPLEX)] {
        let real = Program::new(env!("CARGO_BIN_EXE_pipe-ipc")).arg(scenario).run();
        explored.assert_allows(&real.output, &TraceSpec::new());
        explored.assert_allows(include_str!("../listings/pipe.txt"), &TraceSpec::new());
    }
}
