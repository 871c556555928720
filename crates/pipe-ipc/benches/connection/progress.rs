//! Tells on standard error what is being measured: as a line that changes on a terminal, as a line each elsewhere.

use indicatif::{ProgressBar, ProgressStyle};

use crate::scenario::Scenario;

/// How far it has come, counted in rounds.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn new(rounds: usize) -> Self {
        let style = ProgressStyle::with_template("{pos}/{len} {wide_msg}");
        let style = style.expect("the template is well formed");
        Self(ProgressBar::new(rounds as u64).with_style(style))
    }

    /// It is this scenario's turn.
    pub(crate) fn begins(&self, scenario: Scenario) {
        self.0.set_message(scenario.title());
        if self.0.is_hidden() {
            eprintln!("measuring: {}", scenario.title());
        }
    }

    /// A round is over.
    pub(crate) fn step(&self) {
        self.0.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
