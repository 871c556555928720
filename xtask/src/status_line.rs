//! The line on a terminal's standard error that names what is running.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use parking_lot::Mutex;

/// How often the line is redrawn. Without that, indicatif would not draw the last of several quick changes.
const TICK: Duration = Duration::from_millis(200);

/// A line that names the running programs. Shows nothing if standard error is not a terminal.
pub struct StatusLine {
    bar: ProgressBar,
    names: Mutex<BTreeMap<usize, String>>,
}

impl StatusLine {
    /// Creates an empty line.
    ///
    /// # Panics
    /// Never: the template is a constant.
    #[must_use]
    pub fn new() -> Self {
        let style = ProgressStyle::with_template("{wide_msg}");
        let bar = ProgressBar::new_spinner().with_style(style.expect("the template is well formed"));
        if !bar.is_hidden() {
            bar.enable_steady_tick(TICK);
        }
        Self { bar, names: Mutex::default() }
    }

    /// Adds a program to the line. The programs are shown in the order of their numbers.
    pub fn started(&self, number: usize, name: &str) {
        let mut names = self.names.lock();
        names.insert(number, name.to_owned());
        self.show(&names);
    }

    /// Removes the program with this number.
    pub fn ended(&self, number: usize) {
        let mut names = self.names.lock();
        names.remove(&number);
        self.show(&names);
    }

    fn show(&self, names: &BTreeMap<usize, String>) {
        let names: Vec<&str> = names.values().map(String::as_str).collect();
        let line =
            if names.is_empty() { String::new() } else { format!("still running: {}", names.join(", ")) };
        self.bar.set_message(line);
    }

    /// Hides the line while `print` prints.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }
}

impl Default for StatusLine {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for StatusLine {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
