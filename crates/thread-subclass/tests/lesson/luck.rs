//! What only looks as if it were promised: how often real runs show it, and how many of all possible outputs.

use course_tests::Program;
use course_tests::figures::{Figures, Pace};

use crate::orders::SUBCLASS;

#[test]
fn figures_of_what_only_looks_as_if() {
    let program = Program::new(env!("CARGO_BIN_EXE_thread-subclass"));
    let mut figures = Figures::of_luck(env!("CARGO_MANIFEST_DIR"));
    figures.luck(
        (&program, Pace::Apart),
        Some(&SUBCLASS.outputs),
        &[
            ("main's line comes first", |lines| lines.first() == Some(&"this is a main process")),
            ("the thread's end comes last", |lines| lines.last() == Some(&"silence is ending")),
        ],
    );
    figures.are_on_record();
}
