//! `cargo xtask list`: prints the lessons with their descriptions.

use std::io::Write;

use anyhow::Result;

use crate::lessons::{self, Lesson};

/// Prints one line a lesson, in lesson order.
///
/// # Errors
/// If the lessons cannot be read, or `out` cannot be written to.
pub fn run(mut out: impl Write) -> Result<()> {
    let lessons = lessons::all()?;
    let width = lessons.iter().map(|lesson| lesson.name.len()).max().unwrap_or(0);
    for Lesson { name, description, .. } in &lessons {
        writeln!(out, "{name:width$}  {description}")?;
    }
    out.flush()?;
    Ok(())
}
