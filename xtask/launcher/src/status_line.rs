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
        Self { bar, shown: Mutex::default() }
    }

    /// Returns whether there is a line: standard error is a terminal.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        !self.bar.is_hidden()
    }

    /// Shows what is being built, and how far it is; an empty text if nothing is.
    pub fn building(&self, text: String) {
        let mut shown = self.shown.lock();
        shown.building = text;
        self.show(&shown);
    }

    /// Adds a program to the line. The programs are shown in the order of their numbers.
    pub fn started(&self, number: usize, name: &str) {
        let mut shown = self.shown.lock();
        shown.names.insert(number, name.to_owned());
        self.show(&shown);
    }

    /// Removes the program with this number.
    pub fn ended(&self, number: usize) {
        let mut shown = self.shown.lock();
        shown.names.remove(&number);
        self.show(&shown);
    }

    fn show(&self, shown: &Shown) {
        let names: Vec<&str> = shown.names.values().map(String::as_str).collect();
        let running =
            if names.is_empty() { String::new() } else { format!("still running: {}", names.join(", ")) };
        let separator = if shown.building.is_empty() || running.is_empty() { "" } else { "; " };
        self.bar.set_message(format!("{}{separator}{running}", shown.building));
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
