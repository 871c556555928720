//! Lanes in a terminal.

use clap::builder::styling::{AnsiColor, Color, Style};
use unicode_width::UnicodeWidthStr;

use super::columns::{CUT_OFF, Column, truncate};
use super::layout::{Cell, Drawing, Position};
use super::run::Run;

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
pub const LEGEND: [&str; 2] = [
    "The time of a line is when it was read, counted from the start of the program.",
    "A bar connects the first and the last line of an actor, which may start earlier and end later.",
];

/// Draws `run` in `width` columns.
#[must_use]
pub fn text(run: &Run, width: usize, colour: bool) -> String {
    let drawing = Drawing::new(run, width.saturating_sub(TIMES));
    let names = drawing.columns.iter().map(|column| truncate(&column.name, column.width - 1));
    let paint = Paint { colour };
    let mut lines = vec![
        paint.bold(&format!("==> {} <==", drawing.title)),
        line("time", names, &drawing.columns, &paint, true),
        moment("0", "── the program starts", &paint),
    ];
    for row in &drawing.rows {
        let ends = row == drawing.end();
        if !ends || row.cells.contains(&Cell::CutOff) {
            let time = if ends { "" } else { &row.time };
            lines.push(line(time, row.cells.iter().map(glyphs), &drawing.columns, &paint, false));
        }
    }
    lines.push(moment(&drawing.end().time, "── the program has ended", &paint));
    lines.extend(drawing.notes);
    lines.push(String::new());
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn moment(time: &str, text: &str, paint: &Paint) -> String {
    paint.dim(&format!("{time:>10}  {text}"))
}

/// Returns a time, and a text in each column.
fn line(
    time: &str,
    texts: impl Iterator<Item = String>,
    columns: &[Column],
    paint: &Paint,
    bold: bool,
) -> String {
    let mut line = paint.dim(&format!("{time:>10}  "));
    let (mut left, mut at) = (0, 0);
    for ((index, column), text) in columns.iter().enumerate().zip(texts) {
        if !text.is_empty() {
            line.push_str(&" ".repeat(left - at));
            line.push_str(&paint.lane(&text, index, bold));
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
        Cell::Alive => "│".to_owned(),
        Cell::CutOff => format!("╎ {CUT_OFF}"),
    }
}

struct Paint {
    colour: bool,
}

impl Paint {
    fn bold(&self, text: &str) -> String {
        self.paint(text, Style::new().bold())
    }

    fn dim(&self, text: &str) -> String {
        self.paint(text, Style::new().dimmed())
    }

    fn lane(&self, text: &str, lane: usize, bold: bool) -> String {
        let hue = COLOURS[lane % COLOURS.len()];
        let style = Style::new().fg_color(Some(Color::Ansi(hue)));
        self.paint(text, if bold { style.bold() } else { style })
    }

    fn paint(&self, text: &str, style: Style) -> String {
        if self.colour && !text.trim().is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

/// Returns the legend, to be printed below the drawings.
#[must_use]
pub fn legend(colour: bool) -> String {
    let paint = Paint { colour };
    LEGEND.map(|line| format!("{}\n", paint.dim(line))).concat()
}
