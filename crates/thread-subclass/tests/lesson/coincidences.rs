//! Orders that are often seen but not guaranteed: in how many real runs, and in how many possible outputs.

use course_tests::Program;
use course_tests::mistakes::frequency::{Frequencies, Spacing};

use crate::guarantees::SUBCLASS;

#[test]
fn frequency_of_coincidences() {
    let program = Program::new(env!("CARGO_BIN_EXE_thread-subclass"));
    let mut frequencies = Frequencies::of_coincidences(env!("CARGO_MANIFEST_DIR"));
    frequencies.coincidences(
        &program,
        Spacing::Staggered,
        SUBCLASS.outputs(),
        &[
            ("main's line comes first", |lines| lines.first() == Some(&"this is a main process")),
            ("the thread's end comes last", |lines| lines.last() == Some(&"silence is ending")),
        ],
    );
    frequencies.assert_recorded();
}
