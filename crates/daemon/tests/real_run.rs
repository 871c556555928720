//! The real program, its output tidied; and what the lesson promises: its own file, under every schedule.
//!
//! Both in one program, because the real one sleeps for seconds while the other is explored.

#[macro_use]
extern crate scheduled_std as std;
extern crate scheduled_parking_lot as parking_lot;

use std::every_order;
mod actors;

use actors::scenarios;
use course_tests::manners::{
    assert_ends_quietly_when_nobody_reads, assert_prints_the_lines_of, assert_refuses_other_scenarios,
    assert_runs_all_in_order,
};
use course_tests::{Program, Tidy};

#[allow(dead_code, reason = "the lesson's program as a whole; its main cannot be explored")]
#[path = "../src/main.rs"]
mod lesson;

/// What the tutorial shows.
const OUTLIVED: &str = include_str!("listings/outlived.txt");

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_daemon"))
}

#[test]
fn a_daemon_that_ends_in_time_prints_all_its_lines() {
    let run = program().arg("outlived").run();
    assert_prints_the_lines_of(OUTLIVED, &run);
    insta::assert_snapshot!("outlived", scenarios().tidy("outlived").run(&run));
}

#[test]
fn a_daemon_that_is_still_at_work_is_cut_off_and_the_other_thread_is_not() {
    let run = program().arg("cut-off").run();
    insta::assert_snapshot!("cut-off", scenarios().tidy("cut-off").run(&run));
}

#[test]
fn without_an_argument_it_runs_both_one_after_the_other() {
    assert_runs_all_in_order(&program(), &scenarios().in_order());
}

#[test]
fn another_scenario_is_refused_in_one_line() {
    assert_refuses_other_scenarios(&program(), &["outlived", "cut-off"]);
}

#[test]
fn it_ends_quietly_when_nobody_reads() {
    for scenario in ["outlived", "cut-off"] {
        assert_ends_quietly_when_nobody_reads(&program().arg(scenario));
    }
    assert_ends_quietly_when_nobody_reads(&program());
}

#[test]
fn guarantees_of_outlived() {
    insta::assert_snapshot!(
        "guarantees of outlived",
        every_order(lesson::outlived).promises(scenarios().tidy("outlived"))
    );
}

#[test]
fn guarantees_of_cut_off() {
    insta::assert_snapshot!(
        "guarantees of cut-off",
        every_order(lesson::cut_off).promises(scenarios().tidy("cut-off"))
    );
}

#[test]
fn what_the_tutorial_shows_and_what_a_real_run_prints_are_possible() {
    let orders = every_order(lesson::outlived);
    orders.assert_allow(include_str!("listings/outlived.txt"), &Tidy::new());
    let real = Program::new(env!("CARGO_BIN_EXE_daemon")).arg("outlived").run();
    orders.assert_allow(&real.output, &Tidy::new());
}

#[test]
fn what_a_real_run_prints_when_the_daemon_is_cut_off_is_possible() {
    let real = Program::new(env!("CARGO_BIN_EXE_daemon")).arg("cut-off").run();
    every_order(lesson::cut_off).assert_allow(&real.output, &Tidy::new());
}
