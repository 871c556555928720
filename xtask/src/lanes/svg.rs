//! Lanes as an SVG picture.

use super::columns::CUT_OFF;
use super::layout::{Cell, Drawing, Row};
use super::run::Run;
use super::text::LEGEND;
use crate::svg::{Canvas, Document, MONOSPACE, horizontal, multiple, vertical};

/// The greatest width of a drawing, in columns of text; a picture is as wide as it needs to be.
const COLUMNS: usize = 160;

/// The width of a column of text, in pixels.
const COLUMN: f64 = 9.0;

/// The height of a row.
const ROW: f64 = 22.0;

/// The distance from the middle of a row down to the base line of its text.
const BASE_LINE: f64 = 4.0;

/// The space around a drawing.
const MARGIN: f64 = 24.0;

/// The distance from the left of a drawing to the right end of the times.
const TIMES: f64 = 9.0 * COLUMN;

/// The distance from the left of a drawing to the first lane.
const LANES: f64 = 11.0 * COLUMN;

/// Two drawings are side by side unless that makes the picture wider than this.
const WIDE: f64 = 1900.0;

/// The colours of the lanes are distinct and readable on white, for the colour-blind too.
const STYLE: &str = "\
text { white-space: pre; fill: #1f1f1f } .title { font-size: 16px; font-weight: bold }
.note, .time { fill: #5f6368 } .time { text-anchor: end }
.head { font-weight: bold } .cut-off { font-weight: bold; font-style: italic }
.head, .cut-off, circle { fill: currentColor }
.bar { stroke: currentColor; stroke-width: 3 } .open { stroke-dasharray: 3 5 }
.tick { stroke: #e8eaed } .end { stroke: #5f6368 }
.lane-0 { color: #0b5cad } .lane-1 { color: #a34700 } .lane-2 { color: #00734f }
.lane-3 { color: #8e2a7e } .lane-4 { color: #6b5900 } .lane-5 { color: #b3261e }
";

/// The number of colours in [`STYLE`].
const COLOURS: usize = 6;

/// Draws `scenarios`, one below the other; the runs of each are side by side if the picture does not get too wide.
#[must_use]
pub fn svg(scenarios: &[Vec<Run>]) -> String {
    let mut canvas = Canvas::default();
    let (mut width, mut y) = (0.0_f64, MARGIN);
    for runs in scenarios {
        let drawings: Vec<_> = runs.iter().map(|run| Drawing::new(run, COLUMNS)).collect();
        let (right, bottom) = scenario(&mut canvas, &drawings, y);
        width = width.max(right);
        y = bottom;
    }
    for line in LEGEND {
        text(&mut canvas, MARGIN, y, "note", line);
        width = width.max(2.0 * MARGIN + multiple(line.len(), COLUMN));
        y += ROW;
    }
    let titles: Vec<_> = scenarios.iter().flatten().map(|run| run.title.as_str()).collect();
    canvas.into_svg(&Document {
        title: &titles.join("; "),
        width,
        height: y,
        fonts: MONOSPACE,
        font_size: 14.0,
        style: STYLE,
    })
}

/// Draws the runs of one scenario from `y` down, and returns their right and their lower end.
fn scenario(canvas: &mut Canvas, drawings: &[Drawing], y: f64) -> (f64, f64) {
    let are_beside = drawings.iter().map(width_of).sum::<f64>() <= WIDE;
    let (mut x, mut top) = (MARGIN, y);
    let (mut right, mut bottom) = (0.0_f64, y);
    for drawing in drawings {
        draw(canvas, drawing, x, top);
        right = right.max(x + width_of(drawing));
        bottom = bottom.max(top + height_of(drawing));
        if are_beside {
            x += width_of(drawing);
        } else {
            top = bottom;
        }
    }
    (right, bottom)
}

fn width_of(drawing: &Drawing) -> f64 {
    let columns = multiple(drawing.columns.iter().map(|column| column.width).sum(), COLUMN);
    let title = multiple(drawing.title.chars().count() + 4, COLUMN);
    (LANES + columns).max(title) + MARGIN
}

/// Returns the height of the title, the names, the rows, the end, the notes, and the space below.
fn height_of(drawing: &Drawing) -> f64 {
    multiple(drawing.rows.len() + 3 + drawing.notes.len(), ROW) + MARGIN
}

/// Draws a run; `x` and `y` are its upper left corner.
fn draw(canvas: &mut Canvas, drawing: &Drawing, x: f64, y: f64) {
    text(canvas, x, y, "title", &drawing.title);
    let top = y + 2.0 * ROW;
    let right = x + width_of(drawing) - MARGIN - COLUMN;
    for (index, row) in drawing.rows.iter().enumerate() {
        let y = top + multiple(index, ROW);
        if is_tick(row) && row != drawing.end() {
            canvas.path("tick", &horizontal(x + LANES, y, right - x - LANES));
        }
        text(canvas, x + TIMES, y, "time", &row.time);
    }
    let mut left = x + LANES;
    for (index, column) in drawing.columns.iter().enumerate() {
        let colour = format!("lane-{}", index % COLOURS);
        canvas.group(&colour, "", |canvas| {
            text(canvas, left, top - ROW, "head", &column.name);
            bar(canvas, drawing, index, left + COLUMN / 2.0, top);
            lines(canvas, drawing, index, left, top);
        });
        left += multiple(column.width, COLUMN);
    }
    let end = top + multiple(drawing.rows.len() - 1, ROW) + ROW / 2.0;
    canvas.path("end", &horizontal(x, end, right - x));
    text(canvas, x + TIMES, end + ROW / 2.0, "time", "end");
    for (index, note) in drawing.notes.iter().enumerate() {
        text(canvas, x, end + multiple(index + 2, ROW), "note", note);
    }
}

/// Whether a row is there for its time only.
fn is_tick(row: &Row) -> bool {
    !row.cells.iter().any(|cell| matches!(cell, Cell::Line(..) | Cell::Rest(..) | Cell::CutOff))
}

/// Draws the bar of a lane, from its first line to its last, and dashed from there to where it is cut off.
fn bar(canvas: &mut Canvas, drawing: &Drawing, lane: usize, x: f64, top: f64) {
    let Some((first, last)) = drawing.span(lane) else { return };
    let is_line = |row: usize| matches!(drawing.rows[row].cells[lane], Cell::Line(..));
    let known = (first..=last).rev().find(|&row| is_line(row)).unwrap_or(first);
    let path = |from: usize, to: usize| vertical(x, top + multiple(from, ROW), top + multiple(to, ROW));
    if known > first {
        canvas.path("bar", &path(first, known));
    }
    if last > known {
        canvas.path("bar open", &path(known, last));
    }
}

/// Draws the lines of a lane.
fn lines(canvas: &mut Canvas, drawing: &Drawing, lane: usize, left: f64, top: f64) {
    for (index, row) in drawing.rows.iter().enumerate() {
        let y = top + multiple(index, ROW);
        match &row.cells[lane] {
            Cell::Line(_, printed) => {
                canvas.disc(left + COLUMN / 2.0, y, 4.5);
                text(canvas, left + 2.0 * COLUMN, y, "", printed);
            }
            Cell::Rest(_, printed) => text(canvas, left + 2.0 * COLUMN, y, "", printed),
            Cell::CutOff => text(canvas, left + 2.0 * COLUMN, y, "cut-off", CUT_OFF),
            Cell::Empty | Cell::Alive => {}
        }
    }
}

/// Draws a text; `y` is its middle.
fn text(canvas: &mut Canvas, x: f64, y: f64, class: &str, text: &str) {
    canvas.text(x, y + BASE_LINE, class, text);
}
