//! What the lesson promises: its own file, under every schedule.

#[macro_use]
extern crate scheduled_std as std;
extern crate scheduled_parking_lot as parking_lot;

use std::every_order;

use course_tests::Tidy;

#[allow(dead_code, reason = "the lesson's program as a whole; its main cannot be explored")]
#[path = "../src/main.rs"]
mod lesson;

fn tidy() -> Tidy {
    Tidy::new().line(" this is (main|foo|func).*", "$1", "")
}

#[test]
fn guarantees_of_outlived() {
    insta::assert_snapshot!("guarantees of outlived", every_order(lesson::outlived).promises(&tidy()));
}

#[test]
fn guarantees_of_cut_off() {
    insta::assert_snapshot!("guarantees of cut-off", every_order(lesson::cut_off).promises(&tidy()));
}
