//! What only looks as if it were promised: how often real runs show it, and how many of all possible outputs.

use course_tests::Program;
use course_tests::figures::{Figures, Pace};

use crate::orders::{CUT_OFF, OUTLIVED};

fn foo_has_ended(lines: &[&str]) -> bool {
    lines.contains(&" this is foo end")
}

#[test]
fn figures_of_what_only_looks_as_if() {
    let program = Program::new(env!("CARGO_BIN_EXE_daemon"));
    let (outlived, cut_off) = (program.clone().arg("outlived"), program.arg("cut-off"));
    let mut figures = Figures::of_luck(env!("CARGO_MANIFEST_DIR"));
    figures.luck(
        (&outlived, Pace::Apart),
        Some(&OUTLIVED.outputs),
        &[("outlived: the daemon comes to its end", foo_has_ended)],
    );
    figures.luck(
        (&cut_off, Pace::Apart),
        Some(&CUT_OFF.outputs),
        &[("cut-off: the daemon is cut off", |lines| !foo_has_ended(lines))],
    );
    figures.are_on_record();
}
