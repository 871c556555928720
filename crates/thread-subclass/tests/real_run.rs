//! The real program, its output tidied; and what the lesson promises: its own file, under every schedule.
//!
//! Both in one program, because the real one sleeps for seconds while the other is explored.

#[macro_use]
extern crate scheduled_std as std;

use std::every_order;
mod actors;

use actors::scenarios;
use course_tests::manners::{
    assert_ends_quietly_when_nobody_reads, assert_prints_the_lines_of, assert_refuses_other_scenarios,
};
use course_tests::{Program, Tidy};

#[allow(dead_code, reason = "the lesson's program as a whole; its main cannot be explored")]
#[path = "../src/main.rs"]
mod lesson;

/// What the tutorial shows.
const LISTING: &str = include_str!("listings/subclass.txt");

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_thread-subclass"))
}

#[test]
fn the_thread_prints_its_two_lines_in_order_and_main_one_at_any_time() {
    let run = program().run();
    assert_prints_the_lines_of(LISTING, &run);
    insta::assert_snapshot!("subclass", scenarios().tidy("").run(&run));
}

#[test]
fn any_argument_is_refused_in_one_line() {
    assert_refuses_other_scenarios(&program(), &["one alone"]);
}

#[test]
fn it_ends_quietly_when_nobody_reads() {
    assert_ends_quietly_when_nobody_reads(&program());
}

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
