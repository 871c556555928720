//! Every line that the lesson or its twin prints has an actor.

use course_tests::Program;
use course_tests::python::Twin;

use crate::scenarios;

#[test]
fn every_line_of_a_real_run_has_an_actor_and_the_daemon_prints_before_it_is_cut_off() {
    scenarios().assert_cut_off_actors_print(&Program::new(env!("CARGO_BIN_EXE_daemon")), "cut-off");
}

#[test]
fn every_line_of_the_twin_has_an_actor() {
    let Some(twin) = Twin::of(env!("CARGO_MANIFEST_DIR")) else { return };
    scenarios().assert_every_line_has_an_actor(&twin.program());
}
