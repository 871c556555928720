//! What the lesson promises: its own file, under every schedule.

#[macro_use]
extern crate scheduled_std as std;

use std::every_order;

use course_tests::Tidy;

#[allow(dead_code, reason = "the lesson's program as a whole; its main cannot be explored")]
#[path = "../src/main.rs"]
mod lesson;

#[test]
fn guarantees() {
    let tidy = Tidy::new().line("this is a main process", "main", "").line("(silence) is .*", "$1", "");
    insta::assert_snapshot!("guarantees", every_order(lesson::subclass_main).promises(&tidy));
}
