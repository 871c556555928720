//! What a program under the scheduler prints.

use std::cell::RefCell;
use std::io::{self, Write};

use shuttle::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    /// The lines of the current run in this thread: the scheduler runs all threads of a program in one.
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A point where the scheduler can switch threads. Unlike `yield_now`, it does not ask for that.
pub(crate) fn yield_point() {
    AtomicBool::new(false).load(Ordering::SeqCst);
}

/// Captures a text as `println!` prints it: at once. Before it, threads can be switched.
///
/// # Panics
/// Panics if the text does not end with a newline: it is unknown where other lines can come between the pieces.
pub fn capture(text: &str) {
    let lines =
        text.strip_suffix('\n').unwrap_or_else(|| panic!("{text:?} is not a whole line: print whole lines"));
    yield_point();
    LINES.with_borrow_mut(|captured| captured.extend(lines.split('\n').map(str::to_owned)));
}

/// Returns the lines that were captured since the last call.
pub(crate) fn take() -> Vec<String> {
    LINES.take()
}

/// A standard output that is captured, line by line.
#[derive(Debug)]
pub struct Stdout(());

/// Replaces `std::io::stdout`.
#[must_use]
pub fn stdout() -> Stdout {
    Stdout(())
}

impl Write for Stdout {
    /// Captures what `writeln!` prints as a whole, and not in pieces.
    fn write_fmt(&mut self, text: std::fmt::Arguments<'_>) -> io::Result<()> {
        capture(&text.to_string());
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        capture(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
