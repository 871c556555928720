//! Lanes as a picture.

use std::fmt::Write as _;

use crate::lanes::layout::{Cell, Column, Drawing, Row, Run};
use crate::lanes::text::LEGEND;

/// A drawing may take so many columns of text; a picture is as wide as it needs to be.
const COLUMNS: usize = 160;

/// In pixels: a column of text, a row, the letters, and the space around a drawing.
const COLUMN: usize = 9;
const ROW: usize = 22;
const LETTERS: usize = 14;
const SPACE: usize = 24;

/// The marks of time, in columns of text.
const MARKS: usize = 11;

/// Two drawings stand side by side unless that makes the picture wider than this.
const WIDE: usize = 1900;

const FONTS: &str =
    "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', 'PingFang SC', monospace";

/// Colours that can be told apart, and read on white, by those who see fewer of them too.
const COLOURS: [&str; 6] = ["#0b5cad", "#a34700", "#00734f", "#8e2a7e", "#6b5900", "#b3261e"];

/// A picture of `scenarios`: the runs of one stand side by side if there is room, one scenario below the other.
#[must_use]
pub fn svg(scenarios: &[Vec<Run>]) -> String {
    let mut body = String::new();
    let (mut width, mut y) = (0, SPACE);
    for runs in scenarios {
        let drawings: Vec<_> = runs.iter().map(|run| Drawing::new(run, COLUMNS)).collect();
        let beside = drawings.iter().map(width_of).sum::<usize>() <= WIDE;
        let (mut x, mut below) = (SPACE, y);
        for drawing in &drawings {
            draw(&mut body, drawing, x, y);
            width = width.max(x + width_of(drawing));
            below = below.max(y + height_of(drawing));
            if beside {
                x += width_of(drawing);
            } else {
                y = below;
            }
        }
        y = below;
    }
    for line in LEGEND {
        text(&mut body, SPACE, y, "mark", "", line);
        width = width.max(2 * SPACE + line.len() * COLUMN);
        y += ROW;
    }
    frame(&body, width, y, scenarios)
}

fn frame(body: &str, width: usize, height: usize, scenarios: &[Vec<Run>]) -> String {
    let titles: Vec<_> = scenarios.iter().flatten().map(|run| escaped(&run.title)).collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"{FONTS}\" font-size=\"{LETTERS}\">\n\
         <title>{}</title>\n\
         <style>text {{ white-space: pre }} .mark {{ fill: #5f6368 }} .title {{ font-size: 16px; font-weight: bold }} \
         .head {{ font-weight: bold }} .text {{ fill: #1f1f1f }} .rule {{ stroke: #e8eaed }} \
         .end {{ stroke: #5f6368 }}</style>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{body}</svg>\n",
        titles.join("; ")
    )
}

fn columns_of(drawing: &Drawing) -> usize {
    let title = drawing.title.chars().count() + 4;
    (MARKS + drawing.columns.iter().map(|column| column.width).sum::<usize>()).max(title)
}

fn width_of(drawing: &Drawing) -> usize {
    columns_of(drawing) * COLUMN + SPACE
}

/// The title, the names, the rows, the end, the notes, and a space.
fn height_of(drawing: &Drawing) -> usize {
    (drawing.rows.len() + 3 + drawing.notes.len()) * ROW + SPACE
}

/// Draws at this place: the upper left corner.
fn draw(body: &mut String, drawing: &Drawing, x: usize, y: usize) {
    text(body, x, y, "title", "", &drawing.title);
    let rows = y + 2 * ROW;
    let right = x + columns_of(drawing) * COLUMN - COLUMN;
    for (number, row) in drawing.rows.iter().enumerate() {
        let y = rows + number * ROW;
        if is_tick(row) && row != drawing.end() {
            rule(body, "rule", x + MARKS * COLUMN, right, y);
        }
        text(body, x + (MARKS - 2) * COLUMN, y, "mark", " text-anchor=\"end\"", &row.mark);
    }
    let mut left = x + MARKS * COLUMN;
    for (place, column) in drawing.columns.iter().enumerate() {
        lane(body, drawing, place, column, left, rows);
        left += column.width * COLUMN;
    }
    let end = rows + (drawing.rows.len() - 1) * ROW + ROW / 2;
    rule(body, "end", x, right, end);
    text(body, x + (MARKS - 2) * COLUMN, end + ROW / 2, "mark", " text-anchor=\"end\"", "end");
    for (number, note) in drawing.notes.iter().enumerate() {
        text(body, x, end + (number + 2) * ROW, "mark", "", note);
    }
}

/// Whether a row is there for the time alone.
fn is_tick(row: &Row) -> bool {
    !row.cells.iter().any(|cell| matches!(cell, Cell::Line(..) | Cell::CutOff))
}

/// One column, its first row at `rows`.
fn lane(body: &mut String, drawing: &Drawing, place: usize, column: &Column, left: usize, rows: usize) {
    let colour = COLOURS[place % COLOURS.len()];
    let middle = |row: usize| rows + row * ROW;
    let bar = left + COLUMN / 2;
    text(body, left, rows - ROW, "head", &format!(" fill=\"{colour}\""), &column.name);
    let cell = |row: usize| &drawing.rows[row].cells[place];
    if let Some((first, last)) = drawing.span(place) {
        let lines = (first..=last).rev().find(|&row| matches!(cell(row), Cell::Line(..)));
        let known = lines.unwrap_or(first);
        let mut stroke = |from: usize, to: usize, style: &str| {
            let _ = writeln!(
                body,
                "<path d=\"M{bar} {}V{}\" stroke=\"{colour}\" stroke-width=\"3\"{style}/>",
                middle(from),
                middle(to)
            );
        };
        if known > first {
            stroke(first, known, "");
        }
        if last > known {
            stroke(known, last, " stroke-dasharray=\"3 5\"");
        }
    }
    for (number, row) in drawing.rows.iter().enumerate() {
        let y = middle(number);
        match &row.cells[place] {
            Cell::Line(_, line) => {
                let _ = writeln!(body, "<circle cx=\"{bar}\" cy=\"{y}\" r=\"4.5\" fill=\"{colour}\"/>");
                text(body, left + 2 * COLUMN, y, "text", "", line);
            }
            Cell::CutOff => {
                let style = format!(" fill=\"{colour}\" font-style=\"italic\"");
                text(body, left + 2 * COLUMN, y, "head", &style, "cut off");
            }
            Cell::Nothing | Cell::Alive => {}
        }
    }
}

fn rule(body: &mut String, class: &str, from: usize, to: usize, y: usize) {
    let _ = writeln!(body, "<path class=\"{class}\" d=\"M{from} {y}H{to}\"/>");
}

/// A text whose middle is at this height.
fn text(body: &mut String, x: usize, y: usize, class: &str, style: &str, text: &str) {
    let base = y + LETTERS / 3;
    let _ = writeln!(body, "<text x=\"{x}\" y=\"{base}\" class=\"{class}\"{style}>{}</text>", escaped(text));
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
