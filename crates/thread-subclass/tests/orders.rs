//! What the lesson promises: its own file, under every schedule.

#[macro_use]
extern crate scheduled_std as std;

mod actors;

use std::every_order;

use actors::scenarios;
use course_tests::{Program, Tidy};

#[allow(dead_code, reason = "the lesson's program as a whole; its main cannot be explored")]
#[path = "../src/main.rs"]
mod lesson;

#[test]
fn guarantees() {
    insta::assert_snapshot!("guarantees", every_order(lesson::subclass_main).promises(scenarios().tidy("")));
}

#[test]
fn what_the_tutorial_shows_and_what_a_real_run_prints_are_possible() {
    let orders = every_order(lesson::subclass_main);
    orders.assert_allow(include_str!("listings/subclass.txt"), &Tidy::new());
    let real = Program::new(env!("CARGO_BIN_EXE_thread-subclass")).run();
    orders.assert_allow(&real.output, &Tidy::new());
}
