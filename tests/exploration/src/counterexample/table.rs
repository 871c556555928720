//! Lays the rows out as a table.

use std::collections::HashMap;

use comfy_table::{ContentArrangement, Table};

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

/// Formats the rows, with a column for each of the actors, of which each has a row.
pub(crate) fn table(rows: &[Row], actors: &[Actor], names: &Names) -> String {
    let mut sources = Sources::default();
    let columns: HashMap<Actor, usize> = actors.iter().copied().zip(1..).collect();
    let has_source = (actors.len() + 1) * (MIN_COLUMN + 3) < usize::from(WIDTH);
    let mut table = Table::new();
    table.load_preset(STYLE).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    let mut headings = vec!["line"];
    headings.extend(actors.iter().map(|actor| names.actor(*actor)));
    headings.extend(has_source.then_some("source"));
    table.set_header(&headings);
    for row in rows {
        let line = row.place.and_then(|place| names.line(place));
        let mut cells = vec![String::new(); headings.len()];
        if let (Some(place), true, true) = (row.place, line.is_some(), has_source) {
            cells[headings.len() - 1] = sources.line(place).to_owned();
        }
        cells[0] = line.unwrap_or_default();
        cells[columns[&row.actor]].clone_from(&row.words);
        table.add_row(cells);
    }
    if let Some(first) = table.column_mut(0) {
        first.set_padding((0, 1));
    }
    table.trim_fmt()
}
