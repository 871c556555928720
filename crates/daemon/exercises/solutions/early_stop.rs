//! # Stop, but finish first
//!
//! A thread saves notes as main adds them, until main closes the notebook. The program should print that both notes are
//! saved, in this order, then main's line: no note may be left out because the notebook was closed.
//!
//! Hint: What if main has added a note and closed the notebook before the thread looks?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch21-03-graceful-shutdown-and-cleanup.html

use std::sync::{Condvar, Mutex};
use std::thread;

#[derive(Default)]
struct Notebook {
    unsaved: Vec<&'static str>,
    closed: bool,
}

pub(crate) fn main() {
    let (notebook, changed) = (Mutex::new(Notebook::default()), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| save(&notebook, &changed));
        for note in ["buy tea", "buy bread"] {
            notebook.lock().unwrap().unsaved.push(note);
            changed.notify_one();
        }
        notebook.lock().unwrap().closed = true;
        changed.notify_one();
    });
    println!("main: the notebook is closed");
}

fn save(notebook: &Mutex<Notebook>, changed: &Condvar) {
    let mut notebook = notebook.lock().unwrap();
    loop {
        notebook.unsaved.drain(..).for_each(|note| println!("saved: {note}"));
        if notebook.closed {
            return;
        }
        notebook = changed.wait(notebook).unwrap();
    }
}
