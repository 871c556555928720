//! Orders that are often seen but not guaranteed: in how many real runs, and in how many possible outputs.

use course_tests::Program;
use course_tests::mistakes::frequency::{Frequencies, Spacing};

use crate::guarantees::{PROCESS, THREAD};

fn main_is_first(lines: &[&str]) -> bool {
    lines.first() == Some(&"this is main process!")
}

fn the_task_is_last(lines: &[&str]) -> bool {
    lines.last() == Some(&"当前任务:>>>silence 结束运行")
}

#[test]
fn frequency_of_coincidences() {
    let program = Program::new(env!("CARGO_BIN_EXE_thread-basics"));
    let (thread, process) = (program.clone().arg("thread"), program.arg("process"));
    let mut frequencies = Frequencies::of_coincidences(env!("CARGO_MANIFEST_DIR"));
    frequencies.coincidences(
        &thread,
        Spacing::Staggered,
        THREAD.outputs(),
        &[
            ("thread: main's line comes first", main_is_first),
            ("thread: the task's end comes last", the_task_is_last),
        ],
    );
    frequencies.coincidences(
        &process,
        Spacing::Staggered,
        PROCESS.outputs(),
        &[("process: main's line comes first", main_is_first)],
    );
    frequencies.assert_recorded();
}
