//! What the lesson guarantees: its own file under every schedule.

use std::process::program;
use std::real::sync::LazyLock;

use course_tests::{Program, TraceSpec, assert_guarantees};
use exploration::Exploration;
use exploration::explore::every_schedule;

use crate::{lesson, scenarios};

pub(crate) static THREAD: LazyLock<Exploration> =
    LazyLock::new(|| every_schedule(program(lesson::main, &["thread"])));

pub(crate) static PROCESS: LazyLock<Exploration> =
    LazyLock::new(|| every_schedule(program(lesson::main, &["process"])));

#[test]
fn guarantees_of_the_thread() {
    assert_guarantees!("thread", THREAD.guarantees(scenarios().spec("thread")));
}

#[test]
fn guarantees_of_the_process() {
    assert_guarantees!("process", PROCESS.guarantees(scenarios().spec("process")));
}

#[test]
fn the_listings_of_the_tutorial_and_real_runs_are_possible() {
    let listings = [include_str!("../listings/thread.txt"), include_str!("../listings/process.txt")];
    for (scenario, explored, listing) in
        [("thread", &THREAD, listings[0]), ("process", &PROCESS, listings[1])]
    {
        explored.assert_allows(listing, &TraceSpec::new());
        let real = Program::new(env!("CARGO_BIN_EXE_thread-basics")).arg(scenario).run();
        explored.assert_allows(&real.output, &TraceSpec::new());
    }
}
