//! Orders that are often seen but not guaranteed: in how many real runs, and in how many possible outputs.

use course_tests::Program;
use course_tests::mistakes::frequency::{Frequencies, Spacing};

use crate::guarantees::SIMPLEX;

/// The consumer's first line comes after the producer's last.
fn all_is_produced_first(lines: &[&str]) -> bool {
    lines.iter().filter(|line| line.starts_with("producer")).count() == 5
        && lines.iter().take(5).all(|line| line.starts_with("producer"))
}

/// Each item is consumed before the next is produced.
fn they_alternate(lines: &[&str]) -> bool {
    lines
        .chunks(2)
        .all(|two| matches!(two, [made, used] if used.ends_with(made) && used.starts_with("consumer")))
}

#[test]
fn frequency_of_coincidences() {
    let simplex = Program::new(env!("CARGO_BIN_EXE_pipe-ipc")).arg("simplex");
    let mut frequencies = Frequencies::of_coincidences(env!("CARGO_MANIFEST_DIR"));
    frequencies.coincidences(
        &simplex,
        Spacing::Sequential,
        SIMPLEX.outputs(),
        &[
            ("all five messages are produced before one is consumed", all_is_produced_first),
            ("producer and consumer alternate", they_alternate),
        ],
    );
    frequencies.assert_recorded();
}
