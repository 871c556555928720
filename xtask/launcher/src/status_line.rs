//! The line on a terminal's standard error that names what is running.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};

use parking_lot::Mutex;

/// Goes to the start of the line, and clears it.
const CLEAR: &str = "\r\x1b[K";

/// The columns that stay free for the `^C` that a terminal prints at Ctrl-C. If it did not fit in the line, it would be in the
/// next one, and [`CLEAR`] would clear that.
const FREE_COLUMNS: u16 = 3;

/// A line that names the running programs. Shows nothing if standard error is not a terminal.
pub struct StatusLine {
    is_shown: bool,
    shown: Mutex<Shown>,
}

#[derive(Debug, Default)]
struct Shown {
    /// What is being built, and how far it is; empty if nothing is.
    building: String,
    names: BTreeMap<usize, String>,
}

impl StatusLine {
    /// Creates an empty line.
    #[must_use]
    pub fn new() -> Self {
        Self { is_shown: io::stderr().is_terminal(), shown: Mutex::default() }
    }

    /// Returns whether there is a line: standard error is a terminal.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.is_shown
    }

    /// Shows what is being built, and how far it is; an empty text if nothing is.
    pub fn building(&self, text: String) {
        self.change(|shown| shown.building = text);
    }

    /// Adds a program to the line. The programs are shown in the order of their numbers.
    pub fn started(&self, number: usize, name: &str) {
        self.change(|shown| {
            shown.names.insert(number, name.to_owned());
        });
    }

    /// Removes the program with this number.
    pub fn ended(&self, number: usize) {
        self.change(|shown| {
            shown.names.remove(&number);
        });
    }

    fn change(&self, change: impl FnOnce(&mut Shown)) {
        let mut shown = self.shown.lock();
        change(&mut shown);
        self.draw(&shown.text());
    }

    fn draw(&self, text: &str) {
        if self.is_shown {
            let size = rustix::termios::tcgetwinsize(io::stderr());
            // A serial console, say, does not know its size, and says 0.
            let columns = size.ok().map(|size| size.ws_col).filter(|&columns| columns > 0).unwrap_or(80);
            // If standard error is closed, there is nothing to draw on.
            let _ = io::stderr().write_all(drawn(text, columns).as_bytes());
        }
    }

    /// Hides the line while `print` prints.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        let shown = self.shown.lock();
        self.draw("");
        let printed = print();
        self.draw(&shown.text());
        printed
    }

    /// Prints lines to standard error above the line, until their end.
    ///
    /// # Errors
    /// If they cannot be read or printed.
    pub fn print_above(&self, lines: impl Read) -> io::Result<()> {
        let mut lines = BufReader::new(lines);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            self.suspend(|| io::stderr().write_all(&line))?;
            line.clear();
        }
        Ok(())
    }
}

impl Shown {
    fn text(&self) -> String {
        let names: Vec<&str> = self.names.values().map(String::as_str).collect();
        let running =
            if names.is_empty() { String::new() } else { format!("still running: {}", names.join(", ")) };
        let separator = if self.building.is_empty() || running.is_empty() { "" } else { "; " };
        format!("{}{separator}{running}", self.building)
    }
}

/// Returns what draws a text in a terminal of this width.
fn drawn(text: &str, columns: u16) -> String {
    let fitting = text.chars().take(columns.saturating_sub(FREE_COLUMNS).into());
    CLEAR.chars().chain(fitting).collect()
}

impl Default for StatusLine {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for StatusLine {
    fn drop(&mut self) {
        self.draw("");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_leaves_room_for_what_the_terminal_prints_at_ctrl_c() {
        assert_eq!(drawn("built: 7", 80), format!("{CLEAR}built: 7"));
        assert_eq!(drawn("built: 7", 8), format!("{CLEAR}built"));
    }
}
