//! What the lesson guarantees: its own file under every schedule.

use std::io::{self, BufReader, Read};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use course_tests::{Program, TraceSpec, assert_guarantees};
use scheduled_std::explore::{self, Exploration};

use crate::lesson::word_processor::{Document, autosave, display, input};
use crate::{lesson, scenarios};

pub(crate) static FIVE_THREADS: LazyLock<Exploration> =
    LazyLock::new(|| explore::random_schedules(|| lesson::thread_main(5)));

/// Two lines are typed.
pub(crate) static WORD_PROCESSOR: LazyLock<Exploration> =
    LazyLock::new(|| explore::random_schedules(edit("one\ntwo\n")));

#[test]
fn guarantees_of_two_threads() {
    let explored = explore::every_schedule(|| lesson::thread_main(2));
    assert_guarantees!("two threads", explored.guarantees(scenarios().spec("thread")));
}

#[test]
fn guarantees_of_five_threads() {
    assert_guarantees!("five threads", FIVE_THREADS.guarantees(scenarios().spec("thread")));
}

/// Types `text` into a file that is removed afterwards.
fn edit(text: &'static str) -> impl Fn() + Send + Sync {
    let folder = tempfile::tempdir().expect("a folder");
    move || {
        let file = folder.path().join("notes.txt");
        // It may be left from the schedule before.
        let _ = std::fs::remove_file(&file);
        lesson::word_processor::edit(text.as_bytes(), Duration::ZERO, &file).expect("it is saved");
    }
}

#[test]
fn guarantees_of_input_beside_display() {
    let explored = explore::every_schedule(|| {
        let document = Document::default();
        thread::scope(|scope| {
            scope.spawn(|| display(&document));
            input(&b"one\ntwo\n"[..], Duration::ZERO, &document).expect("bytes can be read");
        });
    });
    assert_guarantees!("input beside display", explored.guarantees(scenarios().spec("word-processor")));
}

#[test]
fn guarantees_of_input_beside_autosave() {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder");
    let explored = explore::every_schedule(move || {
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
    let explored = explore::every_schedule(|| {
        let document = Document::default();
        thread::scope(|scope| {
            // Otherwise it would wait forever, and the exploration would fail.
            scope.spawn(|| display(&document));
            let typed = BufReader::new(b"one\n".chain(Broken));
            input(typed, Duration::ZERO, &document).expect_err("the rest cannot be read");
        });
    });
    assert!(explored.outputs.iter().all(|lines| lines == &["input 输入了 one", "display 展示了 one"]));
}

#[test]
fn guarantees_of_the_word_processor() {
    assert_guarantees!("the word processor", WORD_PROCESSOR.guarantees(scenarios().spec("word-processor")));
}

#[test]
fn the_listing_of_the_tutorial_and_a_real_run_are_possible() {
    FIVE_THREADS.assert_allows(include_str!("../listings/thread.txt"), &TraceSpec::new());
    let real = Program::new(env!("CARGO_BIN_EXE_shared-data")).arg("thread").run();
    FIVE_THREADS.assert_allows(&real.output, &TraceSpec::new());
}
