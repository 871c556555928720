//! What a program under the scheduler prints.

use std::cell::RefCell;
use std::io::{self, Write};

thread_local! {
    /// The lines of the run that goes on in this thread: the scheduler runs all threads of a program in one.
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Notes a text as printed, which ends with the end of a line, as `println!` writes it: at once. Before it, threads may
/// be switched.
///
/// # Panics
/// When its last line has no end: of a line in pieces it is not known where others come between.
pub fn capture(text: &str) {
    let lines =
        text.strip_suffix('\n').unwrap_or_else(|| panic!("{text:?} is no whole line: print one at a time"));
    crate::yield_point();
    LINES.with_borrow_mut(|noted| noted.extend(lines.split('\n').map(str::to_owned)));
}

/// The lines that have been noted since the last call.
pub(crate) fn take() -> Vec<String> {
    LINES.take()
}

/// A standard output that is noted, line by line.
#[derive(Debug)]
pub struct Stdout(());

/// In the place of `std::io::stdout`.
#[must_use]
pub fn stdout() -> Stdout {
    Stdout(())
}

impl Write for Stdout {
    /// Takes what `writeln!` prints as a whole, and not in the pieces that it is made of.
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
