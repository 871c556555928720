//! Who prints which line, handed over to `cargo xtask lanes` and held to timed runs.

use crate::actors::scenarios;
use course_tests::Program;
use course_tests::python::Twin;

const PROGRAM: &str = env!("CARGO_BIN_EXE_daemon");

#[test]
fn who_prints_which_line_is_handed_over() {
    scenarios().hand_over(PROGRAM);
}

#[test]
fn every_line_of_a_timed_run_has_an_actor_and_times_never_go_back() {
    scenarios().assert_timed(&Program::new(PROGRAM), &["cut-off"]);
}

#[test]
fn the_twin_has_the_same_actors() {
    let Some(twin) = Twin::of(env!("CARGO_MANIFEST_DIR")) else { return };
    scenarios().assert_timed(&twin.program(), &["outlived", "cut-off"]);
}
