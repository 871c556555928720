//! The measured figures, `docs/measured.json`, and the tables that the pages show.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use bench_support::Ratio;
use course_tests::mistakes::frequency::{COINCIDENCES, Fraction, MISTAKES, RECORD, Row, Rows};
use serde::{Deserialize, Serialize};

use crate::files::write_atomically;

/// All kinds of figures, in the order in which the pages show them.
pub const KINDS: [&str; 8] =
    ["start", "memory", "cpu", "counter", COINCIDENCES, MISTAKES, "connection", "spider"];

/// All figures, by kind. Kinds can be measured on different days and machines.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The machine, the date and the versions of each kind, in one line.
    #[serde(default)]
    pub measured_on: BTreeMap<String, String>,
    /// Measured figures and their ratios, by kind.
    #[serde(default)]
    pub ratios: Vec<Ratio>,
    /// Counted figures, by kind and lesson.
    pub counts: Vec<Rows>,
}

impl Record {
    /// Reads the record of the workspace at `root`.
    ///
    /// # Errors
    /// If the file cannot be read or parsed.
    pub fn read(root: &Path) -> Result<Self> {
        let text = fs::read_to_string(root.join(RECORD)).with_context(|| format!("cannot read {RECORD}"))?;
        serde_json::from_str(&text).with_context(|| format!("cannot parse {RECORD}"))
    }

    /// Replaces the record of the workspace at `root`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, root: &Path) -> Result<()> {
        let json = serde_json::to_string_pretty(self)? + "\n";
        write_atomically(&root.join(RECORD), &json).with_context(|| format!("cannot write {RECORD}"))
    }

    /// Replaces all kinds that `newer` contains.
    pub fn update(&mut self, newer: Self) {
        self.counts.retain(|rows| !newer.measured_on.contains_key(&rows.about));
        self.counts.extend(newer.counts);
        self.counts.sort_by(|one, other| (&one.about, &one.lesson).cmp(&(&other.about, &other.lesson)));
        self.ratios.retain(|ratio| !newer.measured_on.contains_key(&ratio.kind));
        self.ratios.extend(newer.ratios);
        self.measured_on.extend(newer.measured_on);
    }

    /// Returns the counted figures of a lesson as a table, or how to measure them if there are none.
    #[must_use]
    pub fn counts_in_markdown(&self, about: &str, lesson: &str) -> String {
        let Some(rows) = self.counts.iter().find(|rows| rows.about == about && rows.lesson == lesson) else {
            return format!("Not measured yet: run `cargo xtask measure {about} --write`.");
        };
        let link = |row: &Row| match about {
            MISTAKES => format!("[{0}](wrong/{0}.rs)", row.what),
            _ => row.what.clone(),
        };
        markdown(&counted(about, rows, link))
    }

    /// Returns all figures of a kind as a table, and below it where they were measured.
    ///
    /// # Errors
    /// If there are none.
    pub fn in_markdown(&self, about: &str) -> Result<String> {
        let table =
            self.table(about).with_context(|| format!("{RECORD} has no figures of the kind {about}"))?;
        let machine = self.measured_on.get(about).map_or("(machine unknown)", String::as_str);
        Ok(format!("{}\n{machine}", markdown(&table)))
    }

    /// Returns all figures of a kind as rows of cells, the first of which is the head.
    #[must_use]
    pub fn table(&self, about: &str) -> Option<Vec<Vec<String>>> {
        let ratios: Vec<&Ratio> = self.ratios.iter().filter(|ratio| ratio.kind == about).collect();
        if !ratios.is_empty() {
            let head = ["", "ratio", "to", "figure"].map(str::to_owned).to_vec();
            let rows = ratios.into_iter().map(|ratio| ratio.cells().to_vec());
            return Some([head].into_iter().chain(rows).collect());
        }
        let mut table = Vec::new();
        for rows in self.counts.iter().filter(|rows| rows.about == about) {
            let lesson = |row: &Row| format!("{}: {}", rows.lesson, row.what);
            let these = counted(about, rows, lesson);
            let skipped = usize::from(!table.is_empty());
            table.extend(these.into_iter().skip(skipped));
        }
        (!table.is_empty()).then_some(table)
    }
}

fn counted(about: &str, rows: &Rows, what: impl Fn(&Row) -> String) -> Vec<Vec<String>> {
    let of_mistakes = about == MISTAKES;
    let head = if of_mistakes {
        vec!["mistake", "real runs", "real runs, optimised", "possible outcomes"]
    } else {
        vec!["order", "real runs", "possible outputs"]
    };
    let head = head.into_iter().map(str::to_owned).collect();
    let cells = |row: &Row| {
        let mut cells = vec![what(row), share(Some(row.real))];
        if of_mistakes {
            cells.push(share(row.optimised));
        }
        cells.push(row.possible.map_or_else(|| "not explored".to_owned(), |possible| share(Some(possible))));
        cells
    };
    [head].into_iter().chain(rows.rows.iter().map(cells)).collect()
}

fn share(share: Option<Fraction>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{} of {}", share.count, share.of))
}

fn markdown(table: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (index, cells) in table.iter().enumerate() {
        let _ = writeln!(text, "| {} |", cells.join(" | "));
        if index == 0 {
            let _ = writeln!(text, "|{}", "---|".repeat(cells.len()));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(about: &str, lesson: &str, what: &str) -> Rows {
        let real = Fraction { count: 7, of: 10 };
        let row = Row {
            what: what.to_owned(),
            real,
            optimised: None,
            possible: Some(Fraction { count: 1, of: 3 }),
        };
        Rows { about: about.to_owned(), lesson: lesson.to_owned(), rows: vec![row] }
    }

    fn record(about: &str, what: &str) -> Record {
        let measured_on = BTreeMap::from([(about.to_owned(), "here".to_owned())]);
        Record { measured_on, ratios: Vec::new(), counts: vec![rows(about, "kettle", what)] }
    }

    #[test]
    fn the_counts_of_a_lesson_are_a_table() {
        assert_eq!(
            record("coincidences", "tea is first").counts_in_markdown("coincidences", "kettle"),
            "| order | real runs | possible outputs |\n|---|---|---|\n| tea is first | 7 of 10 | 1 of 3 |\n"
        );
        let mistakes = record("mistakes", "spilt").counts_in_markdown("mistakes", "kettle");
        assert!(mistakes.ends_with("| [spilt](wrong/spilt.rs) | 7 of 10 | - | 1 of 3 |\n"), "{mistakes}");
        let new = record("coincidences", "x").counts_in_markdown("coincidences", "toaster");
        assert_eq!(new, "Not measured yet: run `cargo xtask measure coincidences --write`.");
    }

    #[test]
    fn an_update_replaces_the_measured_kinds_only() {
        let mut all = record("coincidences", "old");
        all.update(record("mistakes", "a mistake"));
        all.update(record("coincidences", "new"));
        let whats: Vec<&str> = all.counts.iter().map(|rows| &*rows.rows[0].what).collect();
        assert_eq!(whats, ["new", "a mistake"]);
    }

    #[test]
    fn a_ratio_comes_before_its_figure() {
        let ratios = vec![Ratio::absolute("start", "a process", 885.4, "µs").relative_to("a thread", 19.04)];
        let record = Record { ratios, ..Record::default() };
        let table = record.in_markdown("start").unwrap();
        assert!(table.contains("| a process | 19.0 × | a thread | 885 µs |"), "{table}");
        assert!(record.in_markdown("end").is_err());
    }
}
