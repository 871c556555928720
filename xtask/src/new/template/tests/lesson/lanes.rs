//! Which actor prints which line, for `cargo xtask lanes`.

use crate::actors::scenarios;
use course_tests::python::Twin;

const PROGRAM: &str = env!("CARGO_BIN_EXE_THE_LESSON");

#[test]
fn who_prints_which_line_is_handed_over() {
    scenarios().hand_over(PROGRAM);
}

#[test]
fn the_twin_has_the_same_actors() {
    let Some(twin) = Twin::of(env!("CARGO_MANIFEST_DIR")) else { return };
    scenarios().assert_every_line_has_an_actor(&twin.program(), &[""]);
}
