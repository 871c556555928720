//! What the lesson promises: its own file, under every schedule.

#[macro_use]
extern crate scheduled_std as std;
extern crate scheduled_parking_lot as parking_lot;

mod actors;

use std::every_order;

use actors::scenarios;
use course_tests::{Program, Tidy};

#[allow(dead_code, reason = "the lesson's program as a whole; its main cannot be explored")]
#[path = "../src/main.rs"]
mod lesson;

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
