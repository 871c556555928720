//! Who prints which line, handed over to `cargo xtask lanes` and held to real runs.

use crate::actors::scenarios;
use course_tests::Program;

const PROGRAM: &str = env!("CARGO_BIN_EXE_spider-compare");

#[test]
fn who_prints_which_line_is_handed_over() {
    scenarios().hand_over(PROGRAM);
}

#[test]
fn every_line_of_a_real_run_has_an_actor() {
    scenarios().assert_every_line_has_an_actor(
        &Program::new(PROGRAM).args(["--latency", "0", "--size", "2000"]),
        &["process"],
    );
}
