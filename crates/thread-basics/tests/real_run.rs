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
    assert_runs_all_in_order,
};
use course_tests::observed::observed;
use course_tests::{Program, Tidy};

#[allow(dead_code, reason = "the lesson's program as a whole; only its threads can be explored")]
#[path = "../src/main.rs"]
mod lesson;

/// What the tutorial shows for the thread.
const THREAD: &str = include_str!("listings/thread.txt");

/// What the tutorial shows for the process.
const PROCESS: &str = include_str!("listings/process.txt");

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_thread-basics"))
}

#[test]
fn a_thread_prints_its_two_lines_in_order_and_main_one_at_any_time() {
    let run = program().arg("thread").run();
    assert_prints_the_lines_of(THREAD, &run);
    insta::assert_snapshot!("thread", scenarios().tidy("thread").run(&run));
}

#[test]
fn a_process_prints_its_two_lines_in_order_and_main_one_at_any_time() {
    let run = program().arg("process").run();
    assert_prints_the_lines_of(PROCESS, &run);
    insta::assert_snapshot!("process", scenarios().tidy("process").run(&run));
}

#[test]
fn guarantees_of_the_process() {
    insta::assert_snapshot!(
        "guarantees of process",
        observed(&program().arg("process"), scenarios().tidy("process"), 8)
    );
}

#[test]
fn without_an_argument_it_runs_both_one_after_the_other() {
    assert_runs_all_in_order(&program(), &scenarios().in_order());
}

#[test]
fn another_scenario_is_refused_in_one_line() {
    assert_refuses_other_scenarios(&program(), &["thread", "process"]);
}

#[test]
fn it_ends_quietly_when_nobody_reads() {
    assert_ends_quietly_when_nobody_reads(&program().arg("thread"));
    assert_ends_quietly_when_nobody_reads(&program().arg("process"));
    assert_ends_quietly_when_nobody_reads(&program());
}

#[test]
fn guarantees() {
    insta::assert_snapshot!(
        "guarantees",
        every_order(lesson::thread_main).promises(scenarios().tidy("thread"))
    );
}

#[test]
fn what_the_tutorial_shows_and_what_a_real_run_prints_are_possible() {
    let orders = every_order(lesson::thread_main);
    orders.assert_allow(include_str!("listings/thread.txt"), &Tidy::new());
    let real = Program::new(env!("CARGO_BIN_EXE_thread-basics")).arg("thread").run();
    orders.assert_allow(&real.output, &Tidy::new());
}
