//! Real runs of the program.

use crate::scenarios;
use course_tests::Program;
use course_tests::run::cli_contract::{assert_ends_quietly_when_stdout_is_closed, assert_rejects_unknown_scenarios};

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_THE_LESSON"))
}

#[test]
fn the_task_prints_its_two_lines_in_order_and_main_one_at_any_time() {
    insta::assert_snapshot!("thread", scenarios().spec("").canonical_run(&program().run()));
}

#[test]
fn any_argument_is_rejected_in_one_line() {
    assert_rejects_unknown_scenarios(&program(), &["takes no arguments"]);
}

#[test]
fn it_ends_quietly_when_its_standard_output_is_closed() {
    assert_ends_quietly_when_stdout_is_closed(&program());
}
