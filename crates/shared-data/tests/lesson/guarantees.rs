//! What the lesson promises: its own file, under every schedule.

use scheduled_std::explore::{self, Exploration};
use std::io::{self, BufReader, Read};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use crate::lesson;
use crate::lesson::word_processor::{Document, autosave, display, input};
use course_tests::{Program, TraceSpec};

pub(crate) static FIVE_THREADS: LazyLock<Exploration> =
    LazyLock::new(|| explore::random_schedules(|| lesson::thread_main(5)));

/// Two lines typed.
pub(crate) static WORD_PROCESSOR: LazyLock<Exploration> =
    LazyLock::new(|| explore::random_schedules(edit("one\ntwo\n")));

fn spec() -> TraceSpec {
    TraceSpec::new()
        .event(r"(thread_\d) .*", "$1", "")
        .event(r"\d+", "main", "")
        .any("number", r"(?:before|after) (\d+)")
}

#[test]
fn guarantees_of_two_threads() {
    insta::assert_snapshot!(
        "guarantees of two threads",
        explore::every_schedule(|| lesson::thread_main(2)).guarantees(&spec())
    );
}

#[test]
fn guarantees_of_five_threads() {
    insta::assert_snapshot!("guarantees of five threads", FIVE_THREADS.guarantees(&spec()));
}

fn word_processor_tidy() -> TraceSpec {
    TraceSpec::new()
        .event("(input|display|autosave) .*", "$1", "")
        .event("this is main: .*", "main", "")
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
fn guarantees_of_its_input_beside_its_display() {
    let orders = explore::every_schedule(|| {
        let document = Document::default();
        thread::scope(|scope| {
            scope.spawn(|| display(&document));
            input(&b"one\ntwo\n"[..], Duration::ZERO, &document).expect("bytes can be read");
        });
    });
    insta::assert_snapshot!("guarantees of input beside display", orders.guarantees(&word_processor_tidy()));
}

#[test]
fn guarantees_of_its_input_beside_its_autosave() {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder");
    let orders = explore::every_schedule(move || {
        let file = folder.path().join("notes.txt");
        let _ = std::fs::remove_file(&file);
        let document = Document::default();
        thread::scope(|scope| {
            scope.spawn(|| autosave(&document, &file).expect("it is saved"));
            input(&b"one\ntwo\n"[..], Duration::ZERO, &document).expect("bytes can be read");
        });
    });
    insta::assert_snapshot!("guarantees of input beside autosave", orders.guarantees(&word_processor_tidy()));
}

/// Input that breaks off.
struct BrokenOff;

impl Read for BrokenOff {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("broken off"))
    }
}

#[test]
fn where_the_input_breaks_off_its_display_is_told() {
    let orders = explore::every_schedule(|| {
        let document = Document::default();
        thread::scope(|scope| {
            // Were it not told, it would wait for ever, which ends the exploration.
            scope.spawn(|| display(&document));
            let typed = BufReader::new(b"one\n".chain(BrokenOff));
            input(typed, Duration::ZERO, &document).expect_err("the rest cannot be read");
        });
    });
    assert!(orders.outputs.iter().all(|lines| lines == &["input 输入了 one", "display 展示了 one"]));
}

#[test]
fn guarantees_of_the_word_processor() {
    insta::assert_snapshot!(
        "guarantees of the word processor",
        WORD_PROCESSOR.guarantees(&word_processor_tidy())
    );
}

#[test]
fn what_the_tutorial_shows_and_what_a_real_run_prints_are_possible() {
    FIVE_THREADS.assert_allows(include_str!("../listings/thread.txt"), &TraceSpec::new());
    let real = Program::new(env!("CARGO_BIN_EXE_shared-data")).arg("thread").run();
    FIVE_THREADS.assert_allows(&real.output, &TraceSpec::new());
}
