//! Tables of plain text.

use comfy_table::{CellAlignment, Table, presets};

/// The heading of a column.
#[derive(Debug, Clone, Copy)]
pub enum Column {
    /// A column of words, aligned left.
    Text(&'static str),
    /// A column of numbers, aligned right.
    Number(&'static str),
}

/// Formats `rows` below the headings of `columns`, without borders.
#[must_use]
pub fn table<const N: usize>(columns: [Column; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let headings = columns.map(|column| match column {
        Column::Text(heading) | Column::Number(heading) => heading,
    });
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(headings).add_rows(rows);
    for (layout, column) in table.column_iter_mut().zip(columns) {
        layout.set_padding((0, 2));
        if let Column::Number(_) = column {
            layout.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}
