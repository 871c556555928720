//! What a program under the scheduler prints.

use std::cell::RefCell;
use std::io::{self, Write};

thread_local! {
    /// The lines of the run that goes on in this thread: the scheduler runs all threads of a program in one.
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Notes a line as printed. Before it, threads may be switched.
pub fn note(line: String) {
    crate::step();
    LINES.with_borrow_mut(|lines| lines.push(line));
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
    /// Takes whole lines, as `writeln!` with one argument hands them over.
    fn write_fmt(&mut self, line: std::fmt::Arguments<'_>) -> io::Result<()> {
        note(line.to_string().trim_end_matches('\n').to_owned());
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        note(String::from_utf8_lossy(bytes).trim_end_matches('\n').to_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
