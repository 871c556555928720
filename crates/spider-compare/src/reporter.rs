//! Where lines are printed: on standard output, one write each, beside a bar where somebody watches.

use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};

use anyhow::{Context, Error, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::spider::Tally;

/// Nobody reads standard output any more, as after `| head -1`: a reason to end, and nothing to complain about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NobodyReads;

impl fmt::Display for NobodyReads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody reads standard output any more")
    }
}

impl std::error::Error for NobodyReads {}

/// How the bar looks, in the words of `indicatif`, which takes every character for one column wide.
const BAR: &str = "{bar:40} {pos}/{len}";

/// What prints the lines of a run. Clones speak for the same run.
#[derive(Debug, Clone)]
pub struct Voice {
    speaks: bool,
    bar: ProgressBar,
}

impl Voice {
    /// One that prints lines, and draws a bar if both are seen on a terminal.
    #[must_use]
    pub fn aloud() -> Self {
        let seen = io::stdout().is_terminal() && io::stderr().is_terminal();
        let target = if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        // Without the template, which is valid, the bar would be another one.
        let style = ProgressStyle::with_template(BAR).unwrap_or_else(|_| ProgressStyle::default_bar());
        let voice = Self { speaks: true, bar: bar.with_style(style) };
        voice.end();
        voice
    }

    /// One that prints nothing.
    #[must_use]
    pub fn silent() -> Self {
        Self { speaks: false, bar: ProgressBar::hidden() }
    }

    /// Prints one line.
    ///
    /// # Errors
    /// [`NobodyReads`] when its reader is gone; otherwise what the system says, a full disk for instance.
    pub fn line(&self, text: &str) -> Result<()> {
        match (self.speaks, self.bar.is_finished()) {
            (false, _) => Ok(()),
            (true, true) => line(text),
            (true, false) => self.bar.suspend(|| line(text)),
        }
    }

    /// Draws how far the run has come.
    pub(crate) fn progress(&self, tally: &Tally) {
        self.bar.set_length(tally.images as u64);
        if self.bar.is_finished() {
            self.bar.reset();
        }
        self.bar.set_position((tally.downloaded + tally.skipped + tally.failed) as u64);
    }

    /// Takes the bar away, until there is progress again.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Prints one line to standard output, in one write.
///
/// # Errors
/// As [`Voice::line`].
pub fn line(text: &str) -> Result<()> {
    write(format!("{text}\n").as_bytes())
}

/// Writes whole lines to standard output, in one write.
///
/// # Errors
/// As [`Voice::line`].
pub(crate) fn write(lines: &[u8]) -> Result<()> {
    let mut output = io::stdout().lock();
    let written = output.write_all(lines).and_then(|()| output.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Error::new(NobodyReads)),
        written => written.context("cannot write to standard output"),
    }
}
