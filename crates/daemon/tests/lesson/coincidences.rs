//! Orders that are often seen but not guaranteed: in how many real runs, and in how many possible outputs.

use course_tests::Program;
use course_tests::mistakes::frequency::{Frequencies, Spacing};

use crate::guarantees::{CUT_OFF, OUTLIVED};

fn foo_has_ended(lines: &[&str]) -> bool {
    lines.contains(&" this is foo end")
}

#[test]
fn frequency_of_coincidences() {
    let program = Program::new(env!("CARGO_BIN_EXE_daemon"));
    let (outlived, cut_off) = (program.clone().arg("outlived"), program.arg("cut-off"));
    let mut frequencies = Frequencies::of_coincidences(env!("CARGO_MANIFEST_DIR"));
    frequencies.coincidences(
        &outlived,
        Spacing::Staggered,
        OUTLIVED.outputs(),
        &[("outlived: the daemon finishes", foo_has_ended)],
    );
    frequencies.coincidences(
        &cut_off,
        Spacing::Staggered,
        CUT_OFF.outputs(),
        &[("cut-off: the daemon is cut off", |lines| !foo_has_ended(lines))],
    );
    frequencies.assert_recorded();
}
