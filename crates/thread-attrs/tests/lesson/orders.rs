//! What the lesson promises: its own file, under every schedule.

use std::sync::LazyLock;
use std::{Orders, every_order};

use crate::lesson;
use course_tests::{Program, Tidy};

pub(crate) static ATTRS: LazyLock<Orders> =
    LazyLock::new(|| every_order(|| lesson::one_process(&[Some("silence"), None]).expect("two threads")));

fn tidy() -> Tidy {
    Tidy::new()
        .line("(main|silence|Thread-1) 的进程号:.*", "$1", "")
        .line("当前活跃的线程数:.*|(?:silence|Thread-1) is alive:.*", "main", "")
        .any("pid", r"进程号:>>>(\d+)")
}

#[test]
fn guarantees_and_a_real_run_that_keeps_them() {
    insta::assert_snapshot!("guarantees", ATTRS.promises(&tidy()));

    // The child process comes last, and is not explored.
    let real = Program::new(env!("CARGO_BIN_EXE_thread-attrs")).run();
    let threads: Vec<_> = real.lines().filter(|line| !line.starts_with("child process")).collect();
    ATTRS.assert_allow(&threads.join("\n"), &tidy());
}
