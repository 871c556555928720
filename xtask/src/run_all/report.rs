//! Prints the results of a run: as text for people, or as JSON for programs.

use std::io::{self, Write};
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;

use crate::concurrent::Finished;

/// The form in which a run is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Headings, outputs, a table and a closing line.
    Text {
        /// Omits the output of lessons that passed.
        quiet: bool,
        /// Colours headings and results.
        colour: bool,
    },
    /// One JSON object a line.
    Json,
}

/// Prints a run to `W`.
pub(super) struct Report<W> {
    out: W,
    form: Form,
}

/// The JSON of a lesson.
#[derive(Serialize)]
struct LessonLine<'a> {
    lesson: &'a str,
    result: &'static str,
    reasons: &'a [String],
    exit_status: Option<i32>,
    seconds: f64,
    output: String,
}

/// The JSON of the totals, the last line.
#[derive(Serialize)]
struct TotalsLine {
    passed: usize,
    failed: usize,
    seconds: f64,
}

impl<W: Write> Report<W> {
    pub(super) fn new(out: W, form: Form) -> Self {
        Self { out, form }
    }

    /// Prints a finished lesson.
    pub(super) fn lesson(&mut self, lesson: &Finished) -> io::Result<()> {
        match self.form {
            Form::Text { quiet: true, .. } if lesson.passed() => return Ok(()),
            Form::Text { colour, .. } => self.output(lesson, colour)?,
            Form::Json => self.json(&LessonLine {
                lesson: &lesson.name,
                result: if lesson.passed() { "passed" } else { "failed" },
                reasons: &lesson.failures,
                exit_status: lesson.exit_status,
                seconds: rounded_seconds(lesson.took),
                output: String::from_utf8_lossy(&lesson.output).into_owned(),
            })?,
        }
        self.out.flush()
    }

    /// Prints the table and the totals. `took` is the time from the first start to the last end.
    pub(super) fn totals(&mut self, lessons: &[Finished], took: Duration) -> io::Result<()> {
        let passed = lessons.iter().filter(|lesson| lesson.passed()).count();
        let failed = lessons.len() - passed;
        match self.form {
            Form::Text { colour, .. } => {
                self.table(lessons, colour)?;
                let seconds = took.as_secs_f64();
                writeln!(self.out, "\n{passed} passed, {failed} failed in {seconds:.1}s")?;
            }
            Form::Json => self.json(&TotalsLine { passed, failed, seconds: rounded_seconds(took) })?,
        }
        self.out.flush()
    }

    /// Prints a heading like that of `head` for several files, the output, and an empty line.
    fn output(&mut self, lesson: &Finished, colour: bool) -> io::Result<()> {
        let bold = style(colour, Style::new().bold());
        writeln!(self.out, "{bold}==> {} <=={bold:#}", lesson.name)?;
        self.out.write_all(&lesson.output)?;
        if !lesson.output.is_empty() && !lesson.output.ends_with(b"\n") {
            writeln!(self.out)?;
        }
        writeln!(self.out)
    }

    fn table(&mut self, lessons: &[Finished], colour: bool) -> io::Result<()> {
        let results: Vec<String> = lessons.iter().map(result).collect();
        let first = width("lesson", lessons.iter().map(|lesson| lesson.name.as_str()));
        let second = width("result", results.iter().map(String::as_str));
        let bold = style(colour, Style::new().bold());
        writeln!(self.out, "{bold}{:first$}  {:second$}  seconds{bold:#}", "lesson", "result")?;
        for (lesson, result) in lessons.iter().zip(&results) {
            let hue = if lesson.passed() { AnsiColor::Green } else { AnsiColor::Red };
            let hue = style(colour, hue.on_default());
            let seconds = lesson.took.as_secs_f64();
            writeln!(self.out, "{:first$}  {hue}{result:second$}{hue:#}  {seconds:7.1}", lesson.name)?;
        }
        Ok(())
    }

    fn json(&mut self, line: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, line)?;
        writeln!(self.out)
    }
}

fn result(lesson: &Finished) -> String {
    if lesson.passed() { "passed".to_owned() } else { format!("failed: {}", lesson.failures.join("; ")) }
}

fn style(colour: bool, style: Style) -> Style {
    if colour { style } else { Style::new() }
}

/// Returns the width of a column in characters.
fn width<'a>(heading: &'a str, cells: impl Iterator<Item = &'a str>) -> usize {
    cells.chain([heading]).map(|cell| cell.chars().count()).max().unwrap_or(0)
}

/// Returns seconds, rounded to milliseconds.
fn rounded_seconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1000.0).round() / 1000.0
}
