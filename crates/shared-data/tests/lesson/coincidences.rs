//! Orders that are often seen but not guaranteed: in how many real runs, and in how many possible outputs.

use course_tests::Program;
use course_tests::mistakes::frequency::{Frequencies, Spacing};

use crate::guarantees::{FIVE_PROCESSES, FIVE_THREADS};

/// The threads or processes change the number in the order in which they were started.
fn in_the_order_in_which_they_started(lines: &[&str]) -> bool {
    lines.iter().filter(|line| line.contains(" change before ")).is_sorted()
}

#[test]
fn frequency_of_coincidences() {
    let program = Program::new(env!("CARGO_BIN_EXE_shared-data"));
    let (thread, process) = (program.clone().arg("thread"), program.arg("process"));
    let mut frequencies = Frequencies::of_coincidences(env!("CARGO_MANIFEST_DIR"));
    frequencies.coincidences(
        &thread,
        Spacing::Sequential,
        FIVE_THREADS.outputs(),
        &[(
            "thread: the threads run in the order in which they were started",
            in_the_order_in_which_they_started,
        )],
    );
    frequencies.coincidences(
        &process,
        Spacing::Sequential,
        FIVE_PROCESSES.outputs(),
        &[(
            "process: the processes run in the order in which they were started",
            in_the_order_in_which_they_started,
        )],
    );
    frequencies.assert_recorded();
}
