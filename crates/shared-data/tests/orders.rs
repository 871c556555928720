//! What the lesson promises: its own file, under every schedule.

#[macro_use]
extern crate scheduled_std as std;
extern crate scheduled_parking_lot as parking_lot;

use std::time::Duration;
use std::{every_order, random_orders};

use course_tests::{Program, Tidy};

#[allow(dead_code, reason = "the lesson's program as a whole; processes cannot be explored")]
#[path = "../src/main.rs"]
mod lesson;

fn tidy() -> Tidy {
    Tidy::new()
        .line(r"(thread_\d) .*", "$1", "")
        .line(r"\d+", "main", "")
        .any("number", r"(?:before|after) (\d+)")
}

#[test]
fn guarantees_of_two_threads() {
    insta::assert_snapshot!(
        "guarantees of two threads",
        every_order(|| lesson::thread_main(2)).promises(&tidy())
    );
}

#[test]
fn guarantees_of_five_threads() {
    let orders = random_orders(|| lesson::thread_main(5));
    insta::assert_snapshot!("guarantees of five threads", orders.promises(&tidy()));
}

fn word_processor_tidy() -> Tidy {
    Tidy::new()
        .line("(input|display|autosave) .*", "$1", "")
        .line("this is main: .*", "main", "")
        .any("folder", "main: (.*)/notes.txt")
}

/// Types `text` into a file that is gone afterwards.
fn edit(text: &'static str) -> impl Fn() + Send + Sync {
    let folder = tempfile::tempdir().expect("a folder");
    move || {
        let file = folder.path().join("notes.txt");
        // From the schedule before, perhaps.
        let _ = std::fs::remove_file(&file);
        lesson::word_processor::edit(text.as_bytes(), Duration::ZERO, &file).expect("it is saved");
    }
}

#[test]
fn guarantees_of_the_word_processor() {
    let orders = random_orders(edit("one\ntwo\n"));
    insta::assert_snapshot!("guarantees of the word processor", orders.promises(&word_processor_tidy()));
}

#[test]
fn what_the_tutorial_shows_and_what_a_real_run_prints_are_possible() {
    let orders = random_orders(|| lesson::thread_main(5));
    orders.assert_allow(include_str!("listings/thread.txt"), &Tidy::new());
    let real = Program::new(env!("CARGO_BIN_EXE_shared-data")).arg("thread").run();
    orders.assert_allow(&real.output, &Tidy::new());
}
