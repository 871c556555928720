//! Rows of cells, one below the other.

/// A table of `N` columns: words to the left, numbers to the right.
pub(super) struct Columns<const N: usize> {
    numbers: [bool; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Columns<N> {
    pub(super) fn new(headings: [&str; N], numbers: [bool; N]) -> Self {
        Self { numbers, rows: vec![headings.map(str::to_owned)] }
    }

    pub(super) fn row(&mut self, row: [String; N]) {
        self.rows.push(row);
    }

    /// Each row as a line.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        let width =
            |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: [usize; N] = std::array::from_fn(width);
        self.rows.iter().map(move |row| {
            let cells = row.iter().zip(widths).zip(self.numbers).map(|((cell, width), number)| {
                if number { format!("{cell:>width$}") } else { format!("{cell:width$}") }
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
    }
}
