//! Real runs of the program.

use std::time::Duration;

use crate::scenarios;
use course_tests::Program;
use course_tests::run::assertions::assert_prints_lines_of;
use course_tests::run::cli_contract::{
    assert_ends_quietly_when_stdout_is_closed, assert_rejects_unknown_scenarios,
};
use course_tests::run::interrupted::assert_a_signal_leaves_nothing;

/// The tutorial's listing.
const OUTLIVED: &str = include_str!("../listings/outlived.txt");

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_daemon"))
}

#[test]
fn a_signal_at_any_moment_leaves_nothing_behind() {
    assert_a_signal_leaves_nothing(&program(), Duration::from_secs(4));
}

#[test]
fn a_daemon_that_ends_in_time_prints_all_its_lines() {
    let run = program().arg("outlived").run();
    insta::assert_snapshot!("outlived", scenarios().spec("outlived").canonical_run(&run));
    assert_prints_lines_of(OUTLIVED, &run);
}

#[test]
fn a_daemon_that_still_runs_is_cut_off_and_the_other_thread_is_not() {
    let run = program().arg("cut-off").run();
    insta::assert_snapshot!("cut-off", scenarios().spec("cut-off").canonical_run(&run));
}

#[test]
fn an_unknown_scenario_is_rejected_in_one_line() {
    assert_rejects_unknown_scenarios(&program(), &["outlived", "cut-off"]);
}

#[test]
fn it_ends_quietly_when_its_standard_output_is_closed() {
    for scenario in ["outlived", "cut-off"] {
        assert_ends_quietly_when_stdout_is_closed(&program().arg(scenario));
    }
    assert_ends_quietly_when_stdout_is_closed(&program());
}
