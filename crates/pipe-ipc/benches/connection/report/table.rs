//! The table: a row for each peer that this crate is compared with.

use std::io::{self, Write};

use crate::comparison::{Comparison, Figures, Verdict};
use crate::machine::Reader;
use crate::rounds::Effort;

const HEADINGS: [&str; 7] = ["scenario", "ours/s", "peer", "peer/s", "ratio", "goal", "result"];

/// The columns of numbers; the others hold words.
const NUMBERS: [bool; 7] = [false, true, false, true, true, true, false];

type Row = [String; 7];

/// Prints the table, how it is to be read, and where it was measured.
pub(crate) fn table(
    out: &mut impl Write,
    machine: &Reader,
    effort: Effort,
    comparisons: &[Comparison],
) -> io::Result<()> {
    let mut rows = vec![HEADINGS.map(str::to_owned)];
    rows.extend(comparisons.iter().flat_map(rows_of));
    let widths = widths(&rows);
    for row in &rows {
        writeln!(out, "{}", line(row, widths).trim_end())?;
    }
    let rounds = effort.rounds;
    writeln!(out)?;
    writeln!(
        out,
        "ours/s, peer/s: messages a second, in a ping-pong round trips; medians of {rounds} rounds"
    )?;
    writeln!(out, "ratio: ours to the peer's, the median of the {rounds} rounds' ratios")?;
    writeln!(out, "{}", machine.in_words())
}

/// The scenario stands in its first row only.
fn rows_of(comparison: &Comparison) -> impl Iterator<Item = Row> {
    let ours = comparison.ours();
    let mut begins = [comparison.scenario.title().to_owned(), rate(ours)];
    comparison.others().iter().map(move |figures| {
        let [scenario, ours_per_second] = std::mem::take(&mut begins);
        let peer = figures.part.peer.name().to_owned();
        let ratio = figures.ratio(ours).map(decimal).unwrap_or_default();
        let goal = figures.part.goal.map(|goal| format!("≥ {}", decimal(goal))).unwrap_or_default();
        [scenario, ours_per_second, peer, rate(figures), ratio, goal, result(figures, ours)]
    })
}

fn result(figures: &Figures, ours: &Figures) -> String {
    if let Some(missing) = figures.missing {
        return missing.to_owned();
    }
    match figures.verdict(ours) {
        None => String::new(),
        Some(Verdict::Reached) => "reached".to_owned(),
        Some(Verdict::Below) => {
            let or_nothing = |number: Option<f64>| number.map(decimal).unwrap_or_default();
            format!("below: {} of {}", or_nothing(figures.ratio(ours)), or_nothing(figures.part.goal))
        }
    }
}

fn rate(figures: &Figures) -> String {
    figures.median().map(|rate| thousands(&format!("{rate:.0}"))).unwrap_or_default()
}

fn decimal(number: f64) -> String {
    format!("{number:.2}")
}

/// With a comma before every third digit from the end.
fn thousands(digits: &str) -> String {
    let comma = |index: usize| index > 0 && (digits.len() - index).is_multiple_of(3);
    let digits = digits.chars().enumerate();
    digits.map(|(index, digit)| if comma(index) { format!(",{digit}") } else { digit.to_string() }).collect()
}

fn widths(rows: &[Row]) -> [usize; 7] {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    std::array::from_fn(width)
}

fn line(row: &Row, widths: [usize; 7]) -> String {
    let cells = row.iter().zip(widths).zip(NUMBERS);
    let cells = cells.map(
        |((cell, width), number)| {
            if number { format!("{cell:>width$}") } else { format!("{cell:width$}") }
        },
    );
    cells.collect::<Vec<_>>().join("  ")
}
