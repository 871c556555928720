//! What the lesson promises: its own file, under every schedule.

use scheduled_std::explore::{self, Exploration};
use std::sync::LazyLock;

use crate::lesson;
use course_tests::{Program, TraceSpec};

pub(crate) static ATTRS: LazyLock<Exploration> = LazyLock::new(|| {
    explore::every_schedule(|| lesson::one_process(&[Some("silence"), None]).expect("two threads"))
});

fn spec() -> TraceSpec {
    TraceSpec::new()
        .event("(main|silence|Thread-1) 的进程号:.*", "$1", "")
        .event("当前活跃的线程数:.*|(?:silence|Thread-1) is alive:.*", "main", "")
        .any("pid", r"进程号:>>>(\d+)")
}

#[test]
fn guarantees_and_a_real_run_that_keeps_them() {
    insta::assert_snapshot!("guarantees", ATTRS.guarantees(&spec()));

    // The child process comes last, and is not explored.
    let real = Program::new(env!("CARGO_BIN_EXE_thread-attrs")).run();
    let threads: Vec<_> = real.lines().filter(|line| !line.starts_with("child process")).collect();
    ATTRS.assert_allows(&threads.join("\n"), &spec());
}
