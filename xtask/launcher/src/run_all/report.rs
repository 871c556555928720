//! Prints the results of a run: as text for people, or as JSON for programs.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use crate::concurrent::Finished;
use crate::terminal::{BOLD, GREEN, RED, print, styled};

/// How a run is printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Report {
    /// As JSON, one object a line, not as text.
    pub(super) json: bool,
    /// As text without the output of lessons that passed.
    pub(super) quiet: bool,
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

impl Report {
    /// Prints a finished lesson.
    pub(super) fn lesson(self, lesson: &Finished) -> io::Result<()> {
        if self.json {
            return json(&LessonLine {
                lesson: &lesson.name,
                result: if lesson.passed() { "passed" } else { "failed" },
                reasons: &lesson.failures,
                exit_status: lesson.exit_status,
                seconds: rounded_seconds(lesson.took),
                output: String::from_utf8_lossy(&lesson.output).into_owned(),
            });
        }
        if self.quiet && lesson.passed() { Ok(()) } else { output(lesson) }
    }

    /// Prints the table and the totals. `took` is the time from the first start to the last end,
    /// `with_builds` whether lessons were built meanwhile.
    pub(super) fn totals(self, lessons: &[Finished], with_builds: bool, took: Duration) -> io::Result<()> {
        let passed = lessons.iter().filter(|lesson| lesson.passed()).count();
        let failed = lessons.len() - passed;
        if self.json {
            return json(&TotalsLine { passed, failed, seconds: rounded_seconds(took) });
        }
        let seconds = took.as_secs_f64();
        let note = if with_builds { " (with builds)" } else { "" };
        print(&format!("{}\n{passed} passed, {failed} failed in {seconds:.1}s{note}\n", table(lessons)))
    }
}

/// Prints a heading like that of `head` for several files, the output, and an empty line.
fn output(lesson: &Finished) -> io::Result<()> {
    print(&format!("{}\n", styled(format_args!("==> {} <==", lesson.name), BOLD)))?;
    // Byte by byte as the lesson printed it.
    io::stdout().write_all(&lesson.output)?;
    let is_unfinished = !lesson.output.is_empty() && !lesson.output.ends_with(b"\n");
    print(if is_unfinished { "\n\n" } else { "\n" })
}

fn table(lessons: &[Finished]) -> String {
    let results: Vec<String> = lessons.iter().map(result).collect();
    let first = width("lesson", lessons.iter().map(|lesson| lesson.name.as_str()));
    let second = width("result", results.iter().map(String::as_str));
    let head = styled(format_args!("{:first$}  {:second$}  seconds", "lesson", "result"), BOLD);
    let row = |(lesson, result): (&Finished, &String)| {
        let result = format!("{result:second$}");
        let result = styled(result, if lesson.passed() { GREEN } else { RED });
        format!("{:first$}  {result}  {:7.1}\n", lesson.name, lesson.took.as_secs_f64())
    };
    format!("{head}\n{}", lessons.iter().zip(&results).map(row).collect::<String>())
}

fn json(line: &impl Serialize) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, line)?;
    writeln!(out)
}

fn result(lesson: &Finished) -> String {
    if lesson.passed() { "passed".to_owned() } else { format!("failed: {}", lesson.failures.join("; ")) }
}

/// Returns the width of a column in characters.
fn width<'a>(heading: &'a str, cells: impl Iterator<Item = &'a str>) -> usize {
    cells.chain([heading]).map(|cell| cell.chars().count()).max().unwrap_or(0)
}

/// Returns seconds, rounded to milliseconds.
fn rounded_seconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1000.0).round() / 1000.0
}
