//! Every line that the lesson or its twin prints has an actor.

use course_tests::python::Twin;

use crate::scenarios;

#[test]
fn every_line_of_the_twin_has_an_actor() {
    let Some(twin) = Twin::of(env!("CARGO_MANIFEST_DIR")) else { return };
    scenarios().assert_every_line_has_an_actor(&twin.program());
}
