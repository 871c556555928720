//! Every line that the lesson prints has an actor.

use course_tests::Program;

use crate::{PROGRAM, scenarios};

#[test]
fn every_line_of_a_real_run_has_an_actor() {
    let program = Program::new(PROGRAM).args(["--latency", "0", "--size", "2000"]);
    scenarios().assert_every_line_has_an_actor(&program);
}
