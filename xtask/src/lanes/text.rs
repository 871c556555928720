//! Lanes in a terminal.

use clap::builder::styling::AnsiColor;
use unicode_width::UnicodeWidthStr;

use super::columns::{CUT_OFF, Column, truncate};
use super::layout::{Cell, Drawing, Position};
use super::run::Run;
use crate::terminal::{BOLD, DIM, styled};

/// The width of the times and of the space after them.
const TIMES: usize = 12;

/// The colours of the lanes, over and over.
const COLOURS: [AnsiColor; 6] = [
    AnsiColor::Blue,
    AnsiColor::Green,
    AnsiColor::Magenta,
    AnsiColor::Cyan,
    AnsiColor::Yellow,
    AnsiColor::Red,
];

/// How to read a drawing.
pub const LEGEND: [&str; 3] = [
    "The time of a line is when it was read, counted from the start of the program.",
    "A line without a time was read together with the line above it, or continues it.",
    "A bar connects the first and the last line of an actor, which may start earlier and end later.",
];

/// Draws `run` in `width` columns, with styles.
#[must_use]
pub fn text(run: &Run, width: usize) -> String {
    let drawing = Drawing::new(run, width.saturating_sub(TIMES));
    let names = drawing.columns.iter().map(|column| truncate(&column.name, column.width - 1));
    let mut lines = vec![
        styled(format_args!("==> {} <==", drawing.title), BOLD),
        line("time", names, &drawing.columns, true),
        moment("0", "── the program starts"),
    ];
    for row in &drawing.rows {
        let ends = row == drawing.end();
        if !ends || row.cells.contains(&Cell::CutOff) {
            let time = if ends { "" } else { &row.time };
            lines.push(line(time, row.cells.iter().map(glyphs), &drawing.columns, false));
        }
    }
    lines.push(moment(&drawing.end().time, "── the program has ended"));
    lines.extend(drawing.notes);
    lines.push(String::new());
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn moment(time: &str, text: &str) -> String {
    styled(format_args!("{time:>10}  {text}"), DIM)
}

/// Returns a time, and a text in each column.
fn line(time: &str, texts: impl Iterator<Item = String>, columns: &[Column], bold: bool) -> String {
    let mut line = styled(format_args!("{time:>10}"), DIM) + "  ";
    let (mut left, mut at) = (0, 0);
    for ((index, column), text) in columns.iter().enumerate().zip(texts) {
        if !text.is_empty() {
            line.push_str(&" ".repeat(left - at));
            let style = COLOURS[index % COLOURS.len()].on_default();
            line.push_str(&styled(&text, if bold { style.bold() } else { style }));
            at = left + text.width();
        }
        left += column.width;
    }
    line
}

fn glyphs(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Line(position, text) => {
            let bar = match position {
                Position::Only => '╶',
                Position::First => '┌',
                Position::Between => '├',
                Position::Last => '└',
            };
            format!("{bar} {text}")
        }
        Cell::Rest(true, text) => format!("│ {text}"),
        Cell::Rest(false, text) => format!("  {text}"),
        Cell::Alive => "│".to_owned(),
        Cell::CutOff => format!("╎ {CUT_OFF}"),
    }
}

/// Returns the legend, to be printed below the drawings.
#[must_use]
pub fn legend() -> String {
    LEGEND.map(|line| styled(line, DIM) + "\n").concat()
}
