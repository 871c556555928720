//! # A daemon that saves notes
//!
//! Main sends two notes to a thread. The thread saves each of them, and prints a last line when there are no more. The
//! program should always print all three lines, in this order, and end.
//!
//! Hint: Does main wait for the thread? And how does the thread find out that there are no more notes?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch16-02-message-passing.html

use std::sync::mpsc::{self, Receiver};
use std::thread;

pub(crate) fn main() {
    let (notes, receiver) = mpsc::channel();
    thread::spawn(move || save(&receiver));
    for note in ["buy tea", "buy bread"] {
        notes.send(note).expect("the thread receives it");
    }
}

fn save(notes: &Receiver<&str>) {
    for note in notes {
        println!("saved: {note}");
    }
    println!("all notes are saved");
}
