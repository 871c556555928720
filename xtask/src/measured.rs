//! The record of measured figures, `docs/measured.json`, and the tables that pages make of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use bench_support::Ratio;
use course_tests::mistakes::frequency::{Fraction, MISTAKES, RECORD, Row, Rows};
use serde::{Deserialize, Serialize};

use crate::files::write_whole;

/// All figures. Each kind says where it was measured, for they need not be of the same day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Of each kind, the machine, the date and the versions, in a line.
    #[serde(default)]
    pub measured_on: BTreeMap<String, String>,
    /// What was measured beside what, kind by kind.
    #[serde(default)]
    pub ratios: Vec<Ratio>,
    /// What was counted, kind by kind and lesson by lesson.
    pub counts: Vec<Rows>,
}

impl Record {
    /// Reads the record of the workspace at `root`.
    ///
    /// # Errors
    /// When it cannot be read, or is no record.
    pub fn read(root: &Path) -> Result<Self> {
        let text = fs::read_to_string(root.join(RECORD)).context(RECORD)?;
        serde_json::from_str(&text).context(RECORD)
    }

    /// As the file has it.
    ///
    /// # Errors
    /// When a figure is none that JSON knows.
    pub fn in_json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Writes it in the place of the one that is there: whole, or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, root: &Path) -> Result<()> {
        write_whole(&root.join(RECORD), &self.in_json()?).context(RECORD)
    }

    /// Takes over all kinds that `newer` has.
    pub fn take_over(&mut self, newer: Self) {
        self.counts.retain(|rows| !newer.measured_on.contains_key(&rows.about));
        self.counts.extend(newer.counts);
        self.counts.sort_by(|one, other| (&one.about, &one.lesson).cmp(&(&other.about, &other.lesson)));
        self.ratios.retain(|ratio| !newer.measured_on.contains_key(&ratio.kind));
        self.ratios.extend(newer.ratios);
        self.measured_on.extend(newer.measured_on);
    }

    /// What was counted of one lesson, as a table.
    ///
    /// # Errors
    /// When nothing was.
    pub fn counts_in_markdown(&self, about: &str, lesson: &str) -> Result<String> {
        let of_it = |rows: &&Rows| rows.about == about && rows.lesson == lesson;
        let rows =
            self.counts.iter().find(of_it).with_context(|| format!("{RECORD} has none of {lesson}"))?;
        let link = |row: &Row| match about {
            MISTAKES => format!("[{0}](wrong/{0}.rs)", row.what),
            _ => row.what.clone(),
        };
        Ok(markdown(&counted(about, rows, link)))
    }

    /// All figures of one kind, as a table, and below it where they were measured.
    ///
    /// # Errors
    /// When there are none.
    pub fn in_markdown(&self, about: &str) -> Result<String> {
        let table = self.table(about).with_context(|| format!("{RECORD} has no figures of that name"))?;
        let place = self.measured_on.get(about).map_or("(not known where)", String::as_str);
        Ok(format!("{}\n{place}", markdown(&table)))
    }

    /// All figures of one kind, as rows of cells, the first its head.
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
        vec!["it shows in", "real runs", "real runs, optimised", "all schedules"]
    } else {
        vec!["it looks as if", "real runs here", "possible outputs"]
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
    for (place, cells) in table.iter().enumerate() {
        let _ = writeln!(text, "| {} |", cells.join(" | "));
        if place == 0 {
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
    fn what_was_counted_of_a_lesson_is_a_table() {
        assert_eq!(
            record("coincidences", "tea is first").counts_in_markdown("coincidences", "kettle").unwrap(),
            "| it looks as if | real runs here | possible outputs |\n|---|---|---|\n| tea is first | 7 of 10 | 1 of 3 |\n"
        );
        let mistakes = record("mistakes", "spilt").counts_in_markdown("mistakes", "kettle").unwrap();
        assert!(mistakes.ends_with("| [spilt](wrong/spilt.rs) | 7 of 10 | - | 1 of 3 |\n"), "{mistakes}");
        assert!(record("coincidences", "x").counts_in_markdown("coincidences", "toaster").is_err());
    }

    #[test]
    fn what_is_measured_anew_takes_the_place_of_its_kind_alone() {
        let mut all = record("coincidences", "old");
        all.take_over(record("mistakes", "a mistake"));
        all.take_over(record("coincidences", "new"));
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
