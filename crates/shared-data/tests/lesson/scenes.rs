//! Programs of the lesson's scenarios that are small enough to be shown whole.

use std::thread;
use std::time::Duration;

use exploration::runtime::name_scene;

use crate::lesson;
use crate::lesson::word_processor::{Document, display, input};

pub(crate) fn two_threads() {
    name_scene("two-threads".to_owned());
    lesson::thread_main(2);
}

pub(crate) fn three_threads() {
    name_scene("three-threads".to_owned());
    lesson::thread_main(3);
}

/// Types two lines.
pub(crate) fn input_beside_display() {
    name_scene("input-beside-display".to_owned());
    let document = Document::default();
    thread::scope(|scope| {
        scope.spawn(|| display(&document).expect("lines can be printed"));
        input(&b"one\ntwo\n"[..], Duration::ZERO, &document).expect("bytes can be read");
    });
}
