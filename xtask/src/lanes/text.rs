//! Lanes in a terminal.

use clap::builder::styling::{AnsiColor, Color, Style};
use unicode_width::UnicodeWidthStr;

use crate::lanes::layout::{CUT_OFF, Cell, Column, Drawing, Place, Run, shortened};

/// The marks of time, and the space after them.
const MARKS: usize = 12;

/// The colours of the lanes, over and over.
const COLOURS: [AnsiColor; 6] = [
    AnsiColor::Blue,
    AnsiColor::Green,
    AnsiColor::Magenta,
    AnsiColor::Cyan,
    AnsiColor::Yellow,
    AnsiColor::Red,
];

/// What must be said once, whatever is drawn.
pub const LEGEND: [&str; 2] = [
    "Times are those at which a line came, since the start of the program.",
    "A bar joins the first line of an actor to its last: before and after, it may live or not.",
];

/// Draws `run` in `width` columns.
#[must_use]
pub fn text(run: &Run, width: usize, colour: bool) -> String {
    let drawing = Drawing::new(run, width.saturating_sub(MARKS));
    let paint = Paint { colour };
    let heads = drawing.columns.iter().map(|column| shortened(&column.name, column.width - 1));
    let mut lines = vec![
        paint.bold(&format!("==> {} <==", drawing.title)),
        line("time", heads, &drawing.columns, &paint, true),
        moment("0", "── the program starts", &paint),
    ];
    for row in &drawing.rows {
        let ends = row == drawing.end();
        if !ends || row.cells.contains(&Cell::CutOff) {
            let mark = if ends { "" } else { &row.mark };
            lines.push(line(mark, row.cells.iter().map(glyphs), &drawing.columns, &paint, false));
        }
    }
    lines.push(moment(&drawing.end().mark, "── the program has ended", &paint));
    lines.extend(drawing.notes);
    lines.push(String::new());
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn moment(mark: &str, text: &str, paint: &Paint) -> String {
    paint.dim(&format!("{mark:>10}  {text}"))
}

/// A mark, and a text in each column.
fn line(
    mark: &str,
    texts: impl Iterator<Item = String>,
    columns: &[Column],
    paint: &Paint,
    bold: bool,
) -> String {
    let mut line = paint.dim(&format!("{mark:>10}  "));
    let (mut left, mut at) = (0, 0);
    for ((place, column), text) in columns.iter().enumerate().zip(texts) {
        if !text.is_empty() {
            line.push_str(&" ".repeat(left - at));
            line.push_str(&paint.lane(&text, place, bold));
            at = left + text.width();
        }
        left += column.width;
    }
    line
}

fn glyphs(cell: &Cell) -> String {
    match cell {
        Cell::Nothing => String::new(),
        Cell::Line(place, text) => {
            let bar = match place {
                Place::Only => '╶',
                Place::First => '┌',
                Place::Between => '├',
                Place::Last => '└',
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

    fn lane(&self, text: &str, place: usize, bold: bool) -> String {
        let hue = COLOURS[place % COLOURS.len()];
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

/// The legend, as it stands below the drawings.
#[must_use]
pub fn legend(colour: bool) -> String {
    let paint = Paint { colour };
    LEGEND.map(|line| format!("{}\n", paint.dim(line))).concat()
}
