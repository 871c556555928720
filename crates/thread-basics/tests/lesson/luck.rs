//! What only looks as if it were promised: how often real runs show it, and how many of all possible outputs.

use course_tests::Program;
use course_tests::figures::{Figures, Pace};

use crate::orders::THREAD;

fn main_is_first(lines: &[&str]) -> bool {
    lines.first() == Some(&"this is main process!")
}

fn the_task_is_last(lines: &[&str]) -> bool {
    lines.last() == Some(&"当前任务:>>>silence 结束运行")
}

#[test]
fn figures_of_what_only_looks_as_if() {
    let program = Program::new(env!("CARGO_BIN_EXE_thread-basics"));
    let (thread, process) = (program.clone().arg("thread"), program.arg("process"));
    let mut figures = Figures::of_luck(env!("CARGO_MANIFEST_DIR"));
    figures.luck(
        (&thread, Pace::Apart),
        Some(&THREAD.outputs),
        &[
            ("thread: main's line comes first", main_is_first),
            ("thread: the task's end comes last", the_task_is_last),
        ],
    );
    figures.luck((&process, Pace::Apart), None, &[("process: main's line comes first", main_is_first)]);
    figures.are_on_record();
}
