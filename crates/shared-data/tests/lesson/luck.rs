//! What only looks as if it were promised: how often real runs show it, and how many of all possible outputs.

use course_tests::Program;
use course_tests::figures::{Figures, Pace};

use crate::orders::FIVE_THREADS;

/// Whether those who change the number do so in the order in which they were started.
fn in_the_order_of_their_start(lines: &[&str]) -> bool {
    lines.iter().filter(|line| line.contains(" change before ")).is_sorted()
}

#[test]
fn figures_of_what_only_looks_as_if() {
    let program = Program::new(env!("CARGO_BIN_EXE_shared-data"));
    let (thread, process) = (program.clone().arg("thread"), program.arg("process"));
    let mut figures = Figures::of_luck(env!("CARGO_MANIFEST_DIR"));
    figures.luck(
        (&thread, Pace::AfterEachOther),
        Some(&FIVE_THREADS.outputs),
        &[("thread: they go in the order of their start", in_the_order_of_their_start)],
    );
    figures.luck(
        (&process, Pace::AfterEachOther),
        None,
        &[("process: they go in the order of their start", in_the_order_of_their_start)],
    );
    figures.are_on_record();
}
