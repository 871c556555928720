//! What the lesson promises: its own file, under every schedule.

#[macro_use]
extern crate scheduled_std as std;
extern crate scheduled_parking_lot as parking_lot;

use std::every_order;

use course_tests::{Program, Tidy};

#[allow(dead_code, reason = "the lesson's program as a whole; a child process cannot be explored")]
#[path = "../src/main.rs"]
mod lesson;

fn tidy() -> Tidy {
    Tidy::new()
        .line("(main|silence|Thread-1) 的进程号:.*", "$1", "")
        .line(".*", "main", "")
        .any("pid", r"进程号:>>>(\d+)")
}

#[test]
fn guarantees_and_a_real_run_that_keeps_them() {
    let orders = every_order(|| lesson::one_process(&[Some("silence"), None]).expect("two threads"));
    insta::assert_snapshot!("guarantees", orders.promises(&tidy()));

    // The child process comes last, and is not explored.
    let real = Program::new(env!("CARGO_BIN_EXE_thread-attrs")).run();
    let threads: Vec<_> = real.lines().filter(|line| !line.starts_with("child process")).collect();
    orders.assert_allow(&threads.join("\n"), &tidy());
}
