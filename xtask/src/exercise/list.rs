//! The list of the exercises, with what is done.

use std::fmt::Write as _;

use anyhow::Result;

use super::progress::{Progress, Record};
use crate::scene::Exercise;
use crate::terminal::{BOLD, DIM, GREEN, styled};

/// How many characters the bar has.
const BAR: usize = 20;

/// What follows the bar when it is full.
pub(super) const ALL_DONE: &str = "All exercises are done. To do one again: cargo xtask exercise --reset NAME, then cargo xtask exercise NAME";

/// Returns all exercises by lesson, and the bar.
///
/// # Errors
/// If an exercise cannot be read.
pub(super) fn list(exercises: &[Exercise], progress: &Progress) -> Result<String> {
    let width = exercises.iter().map(|exercise| exercise.name.len()).max().unwrap_or(0);
    let (mut text, mut lesson) = (String::new(), "");
    for exercise in exercises {
        if exercise.lesson != lesson {
            lesson = &exercise.lesson;
            let _ = writeln!(text, "{}", styled(lesson, BOLD));
        }
        let state = state(&progress.of(exercise));
        let _ = writeln!(text, "  {state}  {:width$}  {}", exercise.name, exercise.title()?);
    }
    Ok(text + "\n" + &bar(exercises, progress) + "\n")
}

fn state(record: &Record) -> String {
    match record {
        Record { done: true, .. } => styled(format_args!("{:11}", "done"), GREEN),
        Record { tries: 0, .. } => styled(format_args!("{:11}", "open"), DIM),
        _ => format!("{:11}", "in progress"),
    }
}

/// Returns how many exercises are done, as a bar and a figure.
pub(super) fn bar(exercises: &[Exercise], progress: &Progress) -> String {
    let done = exercises.iter().filter(|exercise| progress.of(exercise).done).count();
    let filled = (BAR * done).div_ceil(exercises.len().max(1));
    format!("[{:.<BAR$}] {done} of {} done", "#".repeat(filled), exercises.len())
}
