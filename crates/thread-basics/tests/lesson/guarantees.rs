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
fn without_an_argument_it_runs_both_one_after_the_other() {
    every_schedule(program(lesson::main, &[])).assert_runs_in_order(&[&THREAD, &PROCESS]);
}

#[test]
fn the_tutorial_s_listing_and_a_real_run_with_a_thread_are_possible() {
    assert_allows_listing_and_real_run(&THREAD, "thread", include_str!("../listings/thread.txt"));
}

#[test]
fn the_tutorial_s_listing_and_a_real_run_with_a_process_are_possible() {
    assert_allows_listing_and_real_run(&PROCESS, "process", include_str!("../listings/process.txt"));
}

fn assert_allows_listing_and_real_run(explored: &Exploration, scenario: &str, listing: &str) {
    explored.assert_allows(listing, &TraceSpec::new());
    let real = Program::new(env!("CARGO_BIN_EXE_thread-basics")).arg(scenario).run();
    explored.assert_allows(&real.output, &TraceSpec::new());
}
