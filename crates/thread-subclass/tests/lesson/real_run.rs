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
const LISTING: &str = include_str!("../listings/subclass.txt");

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_thread-subclass"))
}

#[test]
fn a_signal_at_any_moment_leaves_nothing_behind() {
    assert_a_signal_leaves_nothing(&program(), Duration::from_secs(1));
}

#[test]
fn the_thread_prints_its_two_lines_in_order_and_main_one_at_any_time() {
    let run = program().run();
    insta::assert_snapshot!("subclass", scenarios().spec("").canonical_run(&run));
    assert_prints_lines_of(LISTING, &run);
}

#[test]
fn any_argument_is_rejected_in_one_line() {
    assert_rejects_unknown_scenarios(&program(), &["takes no arguments"]);
}

#[test]
fn it_ends_quietly_when_its_standard_output_is_closed() {
    assert_ends_quietly_when_stdout_is_closed(&program());
}
