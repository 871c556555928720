//! What only looks as if it were promised: how often real runs show it, and how many of all possible outputs.

use course_tests::Program;
use course_tests::figures::{Figures, Pace};

use crate::orders::LESSON;

#[test]
fn figures_of_what_only_looks_as_if() {
    let program = Program::new(env!("CARGO_BIN_EXE_THE_LESSON"));
    let mut figures = Figures::of_luck(env!("CARGO_MANIFEST_DIR"));
    figures.luck(
        (&program, Pace::Apart),
        Some(&LESSON.outputs),
        &[("main's line comes first", |lines| lines.first() == Some(&"this is main"))],
    );
    figures.are_on_record();
}
