//! Orders that are often seen but not guaranteed: in how many real runs, and in how many possible outputs.

use course_tests::Program;
use course_tests::mistakes::frequency::{Frequencies, Spacing};

use crate::guarantees::ATTRS;

/// Each thread prints its pid before the next one is counted.
fn each_prints_its_pid_at_once(lines: &[&str]) -> bool {
    let place = |begins: &str| lines.iter().position(|line| line.starts_with(begins));
    place("silence 的进程号") < place("当前活跃的线程数:>>>3")
        && place("Thread-1 的进程号") < place("silence is alive")
}

/// Main counts both threads before either has printed anything.
fn main_counts_first(lines: &[&str]) -> bool {
    let counted = lines.iter().position(|line| *line == "当前活跃的线程数:>>>3");
    let printed = lines.iter().position(|line| line.contains("的进程号") && !line.starts_with("main"));
    counted < printed
}

#[test]
fn frequency_of_coincidences() {
    let program = Program::new(env!("CARGO_BIN_EXE_thread-attrs"));
    let mut frequencies = Frequencies::of_coincidences(env!("CARGO_MANIFEST_DIR"));
    frequencies.coincidences(
        &program,
        Spacing::Sequential,
        ATTRS.outputs(),
        &[
            ("both threads are counted before either prints its process ID", main_counts_first),
            ("each thread prints its process ID as soon as it is started", each_prints_its_pid_at_once),
        ],
    );
    frequencies.assert_recorded();
}
