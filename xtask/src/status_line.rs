//! The line on a terminal's standard error that names what is still running.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use parking_lot::Mutex;

/// The line is drawn again this often: of several changes at once, only the first is drawn at once.
const TICK: Duration = Duration::from_millis(200);

/// The line. Where standard error is no terminal, or one that cannot move its cursor, nothing is ever shown.
pub struct StatusLine {
    bar: ProgressBar,
    names: Mutex<BTreeMap<usize, String>>,
}

impl StatusLine {
    /// A line that names nothing yet.
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

    /// Names a program in the line, at its place in the order of `number`.
    pub fn started(&self, number: usize, name: &str) {
        let mut names = self.names.lock();
        names.insert(number, name.to_owned());
        self.show(&names);
    }

    /// Takes the program with this number out of the line.
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

    /// Takes the line off the terminal while `print` prints, and puts it back beneath.
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
