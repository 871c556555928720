//! Lays the rows out as a table.

use comfy_table::{CellAlignment, ContentArrangement, Table};

use super::rows::Row;
use super::source::Sources;
use crate::names::Names;
use crate::operation::Actor;

/// The width of the table.
const WIDTH: u16 = 100;

/// The least width of a column, so that few words are broken.
const MIN_COLUMN: usize = 19;

/// Lines between the columns and below the headings only.
const STYLE: &str = "     ─┼ │           ";

/// A space at which the table does not break a line.
const UNBROKEN: &str = "\u{a0}";

/// Formats the rows, with a column for each of `actors`. Below an empty row come those of the actors that wait at the end.
pub(crate) fn table(rows: &[Row], waiting: &[Row], actors: &[Actor], names: &Names) -> String {
    let has_source = (actors.len() + 1) * (MIN_COLUMN + 3) < usize::from(WIDTH);
    let mut layout = Layout { actors, names, has_source, sources: Sources::default() };
    let mut table = Table::new();
    table.load_preset(STYLE).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(layout.headings());
    table.add_rows(rows.iter().map(|row| layout.cells(row)));
    if !waiting.is_empty() {
        table.add_row([""]);
    }
    table.add_rows(waiting.iter().map(|row| layout.cells(row)));
    if let Some(lines) = table.column_mut(0) {
        lines.set_padding((0, 1)).set_cell_alignment(CellAlignment::Right);
    }
    let text = table.lines().map(|line| format!("{}\n", line.replace(UNBROKEN, " ").trim_end()));
    text.collect()
}

struct Layout<'a> {
    actors: &'a [Actor],
    names: &'a Names,
    has_source: bool,
    sources: Sources,
}

impl Layout<'_> {
    fn headings(&self) -> Vec<&str> {
        let actors = self.actors.iter().map(|actor| self.names.actor(*actor));
        ["line"].into_iter().chain(actors).chain(self.has_source.then_some("source")).collect()
    }

    fn cells(&mut self, row: &Row) -> Vec<String> {
        let line = row.place.and_then(|place| self.names.line(place));
        let source = row.place.filter(|_| line.is_some()).map(|place| self.sources.line(place).to_owned());
        let words = |actor| if row.actor == actor { with_unbroken_names(&row.words) } else { String::new() };
        let mut cells = vec![line.unwrap_or_default()];
        cells.extend(self.actors.iter().map(|actor| words(*actor)));
        cells.extend(self.has_source.then(|| source.unwrap_or_default()));
        cells
    }
}

/// Keeps "line 41" and "thread 1" on one line.
fn with_unbroken_names(words: &str) -> String {
    words.replace("line ", &format!("line{UNBROKEN}")).replace("thread ", &format!("thread{UNBROKEN}"))
}
