//! Standard output, one write per line, and a progress bar on terminals.

use std::io::{self, ErrorKind, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cancel::{CancelToken, Cancelled};

/// Prints the lines of a run. Clones share the progress bar.
#[derive(Clone)]
pub struct Reporter {
    is_quiet: bool,
    bar: ProgressBar,
    cancel: CancelToken,
}

impl Reporter {
    /// Returns a reporter that writes to standard output, with a progress bar if standard output and standard error are
    /// terminals. A line that cannot be written cancels the run.
    pub(crate) fn stdout(cancel: &CancelToken) -> Self {
        let is_terminal = io::stdout().is_terminal() && io::stderr().is_terminal();
        let target = if is_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len}").expect("the template is valid");
        let bar = ProgressBar::with_draw_target(Some(0), target).with_style(style);
        bar.finish_and_clear();
        Self { is_quiet: false, bar, cancel: cancel.clone() }
    }

    /// Returns a reporter that prints nothing.
    #[must_use]
    pub fn quiet() -> Self {
        Self { is_quiet: true, bar: ProgressBar::hidden(), cancel: CancelToken::default() }
    }

    /// Prints a line above the progress bar.
    pub(crate) fn print_line(&self, text: &str) -> Result<(), Cancelled> {
        let printed = match (self.is_quiet, self.bar.is_finished()) {
            (true, _) => Ok(()),
            (false, true) => print_line(text),
            (false, false) => self.bar.suspend(|| print_line(text)),
        };
        printed.inspect_err(|reason| self.cancel.cancel(reason.clone()))
    }

    pub(crate) fn set_progress(&self, done: usize, total: usize) {
        self.bar.set_length(total as u64);
        if self.bar.is_finished() {
            self.bar.reset();
        }
        self.bar.set_position(done as u64);
    }

    pub(crate) fn clear_progress(&self) {
        self.bar.finish_and_clear();
    }
}

/// Prints a line to standard output, in a single write.
pub(crate) fn print_line(text: &str) -> Result<(), Cancelled> {
    let mut output = io::stdout().lock();
    let written = output.write_all(format!("{text}\n").as_bytes()).and_then(|()| output.flush());
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Cancelled::BrokenPipe,
        _ => Cancelled::OutputFailed(error.to_string()),
    })
}
