//! The progress of a benchmark, on standard error.

use std::cell::RefCell;
use std::io::{self, Write};

use indicatif::{ProgressBar, ProgressStyle};

/// A line that names what is being measured. On a terminal the line changes; elsewhere each group of measurements has a
/// line of its own.
pub struct Progress {
    bar: ProgressBar,
    group: RefCell<String>,
}

impl Progress {
    /// Returns the progress of a benchmark that has this number of turns.
    #[must_use]
    pub fn new(turns: usize) -> Self {
        let style = ProgressStyle::with_template("{pos}/{len} {wide_msg}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        Self { bar: ProgressBar::new(turns as u64).with_style(style), group: RefCell::default() }
    }

    /// Shows that `contender` is measured now, in this group of measurements.
    pub fn begin(&self, group: &str, contender: &str) {
        self.bar.set_message(format!("{group}: {contender}"));
        if self.bar.is_hidden() && *self.group.borrow() != group {
            // `eprintln!` panics if standard error was closed.
            let _ = writeln!(io::stderr(), "measuring: {group}");
            group.clone_into(&mut self.group.borrow_mut());
        }
    }

    /// Counts a turn as done.
    pub fn step(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
