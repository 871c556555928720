//! The tables: who took how long, and what grows.

use std::io::{self, Write};

use super::Report;
use super::columns::Columns;
use crate::comparison::{Comparison, Figures};
use crate::growth::{Growth, OPTIONS, STRATEGY};

const READING: [&str; 4] = [
    "total: seconds from the start of the crawl to the last image, the median of so many rounds; the program's own start is before",
    "× limit: beside the fewest seconds that the gallery allows: 3 × latency + bytes ÷ bandwidth",
    "cpu: seconds of processor time of the whole program and its children, without the gallery's",
    "Python ÷ Rust: the original's total to that of `process` or `thread`, the median of the common rounds' ratios",
];

impl Report<'_> {
    /// Prints both tables, how they are to be read, and where it was measured.
    pub(crate) fn tables(&self, out: &mut impl Write) -> io::Result<()> {
        let mut table = Columns::new(
            ["setting", "spider", "rounds", "total", "× limit", "cpu", "Python ÷ Rust", ""],
            [false, false, true, true, true, true, true, false],
        );
        for comparison in self.comparisons {
            for row in rows_of(comparison) {
                table.row(row);
            }
        }
        print(out, table.lines().chain([String::new()]).chain(READING.map(str::to_owned)))?;
        print(out, [String::new(), format!("{STRATEGY} {}, images of 60 kB, at 50 ms", OPTIONS.join(" "))])?;
        print(out, growth(self.growth).lines())?;
        print(out, [String::new(), self.machine.in_words()])
    }
}

fn print(out: &mut impl Write, lines: impl IntoIterator<Item = String>) -> io::Result<()> {
    lines.into_iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// The limit, then the contenders. The setting stands in the first row only.
fn rows_of(comparison: &Comparison) -> Vec<[String; 8]> {
    let limit = comparison.limit();
    let mut rows: Vec<_> = limit
        .iter()
        .map(|limit| ["", "the limit", "", &decimal(*limit, 3), "", "", "", ""].map(str::to_owned))
        .collect();
    rows.extend(comparison.figures.iter().map(|figures| row(comparison, figures, limit)));
    if comparison.figures.iter().all(|figures| figures.runs.is_empty()) {
        // For one and the same reason, as the plan is.
        rows.truncate(1);
        "all".clone_into(&mut rows[0][1]);
    }
    comparison.setting.title().clone_into(&mut rows[0][0]);
    rows
}

fn row(comparison: &Comparison, figures: &Figures, limit: Option<f64>) -> [String; 8] {
    let total = figures.total();
    [
        String::new(),
        figures.contender.name(),
        some(total.map(|_| figures.runs.len().to_string())),
        some(total.map(|total| decimal(total, 3))),
        some(total.zip(limit).map(|(total, limit)| decimal(total / limit, 2))),
        some(figures.cpu().map(|cpu| decimal(cpu, 3))),
        some(comparison.ratio(figures).map(|ratio| decimal(ratio, 2))),
        figures.missing().unwrap_or_default().to_owned(),
    ]
}

fn growth(growth: &[Growth]) -> Columns<6> {
    let headings = ["images", "total", "images/s", "cpu", "cpu an image", "peak memory"];
    let mut table = Columns::new(headings, [true; 6]);
    for Growth { images, run } in growth {
        #[expect(clippy::cast_precision_loss, reason = "thousands of images, and megabytes")]
        let (count, memory) = (*images as f64, run.peak_memory_bytes.map(|bytes| bytes as f64 / 1e6));
        table.row([
            images.to_string(),
            decimal(run.total_seconds, 3),
            decimal(count / run.total_seconds, 0),
            some(run.cpu_seconds.map(|cpu| decimal(cpu, 3))),
            some(run.cpu_seconds.map(|cpu| format!("{} ms", decimal(cpu / count * 1e3, 2)))),
            some(memory.map(|megabytes| format!("{} MB", decimal(megabytes, 1)))),
        ]);
    }
    table
}

fn decimal(number: f64, digits: usize) -> String {
    format!("{number:.digits$}")
}

fn some(cell: Option<String>) -> String {
    cell.unwrap_or_default()
}
