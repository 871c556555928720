//! Tells on standard error what is being measured: as a line that changes on a terminal, as a line each elsewhere.

use std::cell::RefCell;

use indicatif::{ProgressBar, ProgressStyle};

/// How far it has come, counted in runs.
pub(crate) struct Progress {
    bar: ProgressBar,
    told: RefCell<String>,
}

impl Progress {
    pub(crate) fn new(runs: usize) -> Self {
        let style = ProgressStyle::with_template("{pos}/{len} {wide_msg}");
        let style = style.expect("the template is well formed");
        Self { bar: ProgressBar::new(runs as u64).with_style(style), told: RefCell::default() }
    }

    /// It is this one's turn. Where lines stay, only what is measured is told, not who.
    pub(crate) fn begins(&self, what: &str, who: &str) {
        self.bar.set_message(format!("{what}: {who}"));
        if self.bar.is_hidden() && *self.told.borrow() != what {
            eprintln!("measuring: {what}");
            what.clone_into(&mut self.told.borrow_mut());
        }
    }

    /// A run is over.
    pub(crate) fn step(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
