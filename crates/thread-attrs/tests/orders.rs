//! What the lesson promises: its own file, under every schedule.

#[macro_use]
extern crate scheduled_std as std;
extern crate scheduled_parking_lot as parking_lot;

use std::every_order;

use course_tests::Tidy;

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
fn guarantees() {
    let orders = every_order(|| lesson::one_process(&[Some("silence"), None]).expect("two threads"));
    insta::assert_snapshot!("guarantees", orders.promises(&tidy()));
}
