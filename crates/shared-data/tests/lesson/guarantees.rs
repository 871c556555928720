//! What the lesson guarantees: its own file under every schedule.

use std::io::{self, BufReader, Read};
use std::process::program;
use std::real::sync::LazyLock;
use std::thread;
use std::time::Duration;

use course_tests::mistakes::summaries;
use course_tests::{Program, TraceSpec, assert_guarantees};
use exploration::Exploration;
use exploration::explore::every_schedule;
use tempfile::TempDir;

use crate::lesson::word_processor::{Document, autosave, display, input};
use crate::{lesson, scenarios, scenes};

pub(crate) static FIVE_PROCESSES: LazyLock<Exploration> =
    LazyLock::new(|| every_schedule(program(lesson::main, &["process"])));

pub(crate) static FIVE_THREADS: LazyLock<Exploration> =
    LazyLock::new(|| every_schedule(program(lesson::main, &["thread"])));

/// Two lines are typed.
pub(crate) static WORD_PROCESSOR: LazyLock<Exploration> =
    LazyLock::new(|| every_schedule(edit("one\ntwo\n")));

#[test]
fn guarantees_of_five_processes() {
    assert_guarantees!("process", FIVE_PROCESSES.guarantees(scenarios().spec("process")));
}

#[test]
fn guarantees_of_two_threads() {
    let explored = every_schedule(scenes::two_threads);
    assert_guarantees!("two threads", explored.guarantees(scenarios().spec("thread")));
}

#[test]
fn guarantees_of_three_threads() {
    let explored = every_schedule(scenes::three_threads);
    assert_guarantees!("three threads", explored.guarantees(scenarios().spec("thread")));
}

#[test]
fn guarantees_of_five_threads() {
    assert_guarantees!("five threads", FIVE_THREADS.guarantees(scenarios().spec("thread")));
}

/// Creates a folder for files that are saved thousands of times: in memory, if the system has such a place.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder")
}

/// Types `text` into a file that is removed afterwards.
fn edit(text: &'static str) -> impl Fn() + Send + Sync {
    let folder = folder();
    move || {
        let file = folder.path().join("notes.txt");
        // It may be left from the schedule before.
        let _ = std::fs::remove_file(&file);
        lesson::word_processor::edit(text.as_bytes(), Duration::ZERO, &file).expect("it is saved");
    }
}

#[test]
fn guarantees_of_input_beside_display() {
    let explored = every_schedule(scenes::input_beside_display);
    assert_guarantees!("input beside display", explored.guarantees(scenarios().spec("word-processor")));
}

#[test]
fn guarantees_of_input_beside_autosave() {
    let folder = folder();
    let explored = every_schedule(move || {
        let file = folder.path().join("notes.txt");
        let _ = std::fs::remove_file(&file);
        let document = Document::default();
        thread::scope(|scope| {
            scope.spawn(|| autosave(&document, &file).expect("it is saved"));
            input(&b"one\ntwo\n"[..], Duration::ZERO, &document).expect("bytes can be read");
        });
    });
    assert_guarantees!("input beside autosave", explored.guarantees(scenarios().spec("word-processor")));
}

/// Input that fails.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("broken"))
    }
}

#[test]
fn when_the_input_fails_the_display_ends_too() {
    let explored = every_schedule(|| {
        let document = Document::default();
        thread::scope(|scope| {
            // Otherwise it would wait forever, and the exploration would fail.
            scope.spawn(|| display(&document).expect("lines can be printed"));
            let typed = BufReader::new(b"one\n".chain(Broken));
            input(typed, Duration::ZERO, &document).expect_err("the rest cannot be read");
        });
    });
    assert_eq!(summaries(&explored.outcomes()), ["input 输入了 one / display 展示了 one"]);
}

#[test]
fn guarantees_of_the_word_processor() {
    assert_guarantees!("the word processor", WORD_PROCESSOR.guarantees(scenarios().spec("word-processor")));
}

#[test]
fn the_listings_of_the_tutorial_and_real_runs_are_possible() {
    let listings = [include_str!("../listings/process.txt"), include_str!("../listings/thread.txt")];
    for (scenario, explored, listing) in
        [("process", &FIVE_PROCESSES, listings[0]), ("thread", &FIVE_THREADS, listings[1])]
    {
        explored.assert_allows(listing, &TraceSpec::new());
        let real = Program::new(env!("CARGO_BIN_EXE_shared-data")).arg(scenario).run();
        explored.assert_allows(&real.output, &TraceSpec::new());
    }
}
