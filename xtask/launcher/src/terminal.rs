//! Printing to standard output, with styles where they are wanted.

use std::fmt::Display;
use std::io::{self, Write};

use clap::builder::styling::{AnsiColor, Style};

/// The style of headings.
pub const BOLD: Style = Style::new().bold();

/// The style of what is less important.
pub const DIM: Style = Style::new().dimmed();

/// The style of successes and of added lines.
pub const GREEN: Style = AnsiColor::Green.on_default();

/// The style of failures and of removed lines.
pub const RED: Style = AnsiColor::Red.on_default();

/// Returns `text` in this style.
#[must_use]
pub fn styled(text: impl Display, style: Style) -> String {
    format!("{style}{text}{style:#}")
}

/// Prints `text` at once. Its styles are removed where they are not wanted: if standard output is not a terminal, or as
/// `NO_COLOR` and `CLICOLOR_FORCE` demand.
///
/// # Errors
/// If standard output is closed.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
