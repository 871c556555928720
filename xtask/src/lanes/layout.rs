//! The layout of a run: columns and rows, for a terminal and for a picture alike.
//!
//! Each line has a row of its own. Rows without a line mark the time between two distant lines while an actor is running,
//! so quiet periods are to scale.

use std::iter;
use std::time::Duration;

use super::columns::{Column, PADDING, columns, printable, wrapped};
use super::run::{Line, Run};

/// The approximate number of rows without a line.
const STEPS: f64 = 12.0;

/// A run that is laid out.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// The title of the run.
    pub title: String,
    /// The columns, from left to right.
    pub columns: Vec<Column>,
    /// The rows from the first line to the end of the run, which is the last.
    pub rows: Vec<Row>,
    /// Messages for the user.
    pub notes: Vec<String>,
}

/// A moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The time since the start of the run; empty if it is that of the row above.
    pub time: String,
    /// The content of each column.
    pub cells: Vec<Cell>,
}

/// What an actor does at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// It has not printed yet, or has printed its last line.
    Empty,
    /// It prints this line, which may extend over the empty cells on its right.
    Line(Position, String),
    /// It has printed a line that does not fit one row: more of that line, and whether the actor is alive.
    Rest(bool, String),
    /// It has printed, and will again, or will be cut off.
    Alive,
    /// It is cut off.
    CutOff,
}

/// The position of a line among those of its actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// The only one.
    Only,
    /// The first of several.
    First,
    /// Neither the first nor the last; or the last of an actor that is cut off later.
    Between,
    /// The last of several.
    Last,
}

impl Drawing {
    /// Lays a run out in `width` columns of a terminal, in addition to the times.
    #[must_use]
    pub fn new(run: &Run, width: usize) -> Self {
        let (columns, left_out) = columns(run, width);
        let left_out = left_out.iter().map(|name| format!("Not shown: {name}. The drawing is too narrow."));
        let notes = run.notes.iter().cloned().chain(left_out).collect();
        let rows = Table::new(run, &columns).rows();
        Self { title: run.title.clone(), columns, rows, notes }
    }

    /// Returns the row of the end of the run.
    ///
    /// # Panics
    /// Panics if all rows were removed.
    #[must_use]
    pub fn end(&self) -> &Row {
        self.rows.last().expect("the last row is the end")
    }

    /// Returns the first and the last row in which the actor of a column is alive.
    #[must_use]
    pub fn span(&self, column: usize) -> Option<(usize, usize)> {
        let full = |row: &Row| !matches!(row.cells[column], Cell::Empty | Cell::Rest(false, _));
        Some((self.rows.iter().position(full)?, self.rows.iter().rposition(full)?))
    }
}

/// Fills the rows of a drawing. Lines are given by their index.
struct Table<'a> {
    run: &'a Run,
    columns: &'a [Column],
    /// The lines that have a column.
    lines: Vec<&'a Line>,
}

impl<'a> Table<'a> {
    fn new(run: &'a Run, columns: &'a [Column]) -> Self {
        let lines = run.lines.iter().filter(|line| columns.iter().any(|column| column.has(line))).collect();
        Self { run, columns, lines }
    }

    fn rows(&self) -> Vec<Row> {
        let (took, step) = (self.run.took, step(self.run.took));
        let row = |at, cells| Row { time: format_time(at, took), cells };
        let mut rows = Vec::new();
        let mut last = Duration::ZERO;
        for (index, line) in self.lines.iter().enumerate() {
            if let Some(cells) = self.between(index) {
                rows.extend(ticks(last, line.at, step).map(|tick| row(tick, cells.clone())));
            }
            let mut cells = self.at(index);
            let rest = self.wrap(index, &mut cells);
            let is_same_read = index > 0 && line.at == last;
            rows.push(Row {
                time: if is_same_read { String::new() } else { format_time(line.at, took) },
                cells,
            });
            rows.extend(rest.into_iter().map(|cells| Row { time: String::new(), cells }));
            last = line.at;
        }
        if let Some(cells) = self.between(self.lines.len()) {
            rows.extend(ticks(last, took, step).map(|tick| row(tick, cells.clone())));
        }
        let end = |column: &Column| if column.is_cut_off(self.run) { Cell::CutOff } else { Cell::Empty };
        rows.push(row(took, self.columns.iter().map(end).collect()));
        rows
    }

    /// Returns the cells between the previous line and this one, if an actor is alive there.
    fn between(&self, line: usize) -> Option<Vec<Cell>> {
        Some(self.before(line)).filter(|cells| cells.contains(&Cell::Alive))
    }

    fn before(&self, line: usize) -> Vec<Cell> {
        let is_alive = |column| self.has_started(column, line) && self.continues(column, line);
        let cell = |column| if is_alive(column) { Cell::Alive } else { Cell::Empty };
        self.columns.iter().map(cell).collect()
    }

    /// Returns the cells at the moment of this line.
    fn at(&self, line: usize) -> Vec<Cell> {
        let mut cells = self.before(line);
        let index = self.column_of(line);
        let column = &self.columns[index];
        let position = match (self.has_started(column, line), self.continues(column, line + 1)) {
            (false, false) => Position::Only,
            (false, true) => Position::First,
            (true, true) => Position::Between,
            (true, false) => Position::Last,
        };
        cells[index] = Cell::Line(position, printable(&self.lines[line].text));
        cells
    }

    /// Shortens the text of this line to what fits its row, and returns the cells of further rows with the rest of it.
    fn wrap(&self, line: usize, cells: &mut [Cell]) -> Vec<Vec<Cell>> {
        let index = self.column_of(line);
        let width = self.available_width(index, cells) - PADDING;
        let Cell::Line(_, text) = &mut cells[index] else { return Vec::new() };
        let mut pieces = wrapped(text, width).into_iter();
        *text = pieces.next().unwrap_or_default();
        let is_alive = self.continues(&self.columns[index], line + 1);
        let below = |piece| {
            let mut cells = self.before(line + 1);
            cells[index] = Cell::Rest(is_alive, piece);
            cells
        };
        pieces.map(below).collect()
    }

    fn column_of(&self, line: usize) -> usize {
        let column = self.columns.iter().position(|column| column.has(self.lines[line]));
        column.expect("each of these lines has a column")
    }

    /// Returns the width of a column and of the empty ones on its right.
    fn available_width(&self, column: usize, cells: &[Cell]) -> usize {
        let next = (column + 1..cells.len()).find(|&next| cells[next] != Cell::Empty);
        self.columns[column..next.unwrap_or(cells.len())].iter().map(|column| column.width).sum()
    }

    /// Whether a line of the column is before this one.
    fn has_started(&self, column: &Column, line: usize) -> bool {
        self.lines[..line].iter().any(|line| column.has(line))
    }

    /// Whether this line or one after it is in the column, or the end of its actor is that of the run.
    fn continues(&self, column: &Column, line: usize) -> bool {
        column.is_cut_off(self.run) || self.lines[line..].iter().any(|line| column.has(line))
    }
}

/// Returns the moments between two lines that get a row: whole steps, none of them close to either line.
fn ticks(last: Duration, next: Duration, step: Duration) -> impl Iterator<Item = Duration> {
    let first = (last + step / 2).as_nanos().div_ceil(step.as_nanos());
    let moments = (u32::try_from(first).unwrap_or(u32::MAX)..).map(move |number| step * number);
    moments.take_while(move |&tick| tick + step / 2 <= next)
}

/// Returns the time between two rows without a line: 1, 2 or 5 times a power of ten.
fn step(took: Duration) -> Duration {
    let wanted = took.as_secs_f64() / STEPS;
    let powers = iter::successors(Some(1e-4), |power| Some(power * 10.0));
    let mut steps = powers.flat_map(|power| [power, 2.0 * power, 5.0 * power]);
    Duration::from_secs_f64(steps.find(|&step| step >= wanted).expect("the powers have no end"))
}

/// Formats a moment in milliseconds, or in seconds if the run took that long.
fn format_time(at: Duration, took: Duration) -> String {
    if took < Duration::from_secs(1) {
        return format!("{:.2} ms", at.as_secs_f64() * 1000.0);
    }
    format!("{:.3} s", at.as_secs_f64())
}
