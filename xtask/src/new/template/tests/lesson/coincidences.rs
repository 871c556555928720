//! Orders that are often seen but not guaranteed: in how many real runs, and in how many possible outputs.

use course_tests::Program;
use course_tests::mistakes::frequency::{Frequencies, Spacing};

use crate::guarantees::LESSON;

#[test]
fn frequency_of_coincidences() {
    let program = Program::new(env!("CARGO_BIN_EXE_THE_LESSON"));
    let mut frequencies = Frequencies::of_coincidences(env!("CARGO_MANIFEST_DIR"));
    frequencies.coincidences(
        &program,
        Spacing::Staggered,
        LESSON.outputs(),
        &[("main's line comes first", |lines| lines.first() == Some(&"this is main"))],
    );
    frequencies.assert_recorded();
}
