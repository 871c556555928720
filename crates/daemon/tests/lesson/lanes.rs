//! Who prints which line, handed over to `cargo xtask lanes` and held to real runs.

use crate::actors::scenarios;
use course_tests::Program;
use course_tests::python::Twin;

const PROGRAM: &str = env!("CARGO_BIN_EXE_daemon");

#[test]
fn who_prints_which_line_is_handed_over() {
    scenarios().hand_over(PROGRAM);
}

#[test]
fn every_line_of_a_real_run_has_an_actor_and_the_daemon_prints_before_it_is_cut_off() {
    scenarios().assert_who_is_cut_off_prints(&Program::new(PROGRAM), "cut-off");
}

#[test]
fn the_twin_has_the_same_actors() {
    let Some(twin) = Twin::of(env!("CARGO_MANIFEST_DIR")) else { return };
    scenarios().assert_every_line_has_an_actor(&twin.program(), &["outlived", "cut-off"]);
}
