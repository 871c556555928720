//! Every line that the lesson or its twin prints has an actor.

use course_tests::Program;
use course_tests::python::Twin;

use crate::scenarios;

#[test]
fn every_line_of_a_real_run_has_an_actor() {
    scenarios().assert_every_line_has_an_actor(&Program::new(env!("CARGO_BIN_EXE_shared-data")));
}

#[test]
fn every_line_of_the_twin_has_an_actor() {
    let Some(twin) = Twin::of(env!("CARGO_MANIFEST_DIR")) else { return };
    scenarios().assert_every_line_has_an_actor(&twin.program());
}
