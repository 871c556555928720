//! What a lesson promises, as its snapshots say it, and what is lost or gained from one version to the next.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What stands between two lines of which the first always comes first.
const ARROW: &str = "  →  ";

/// The promises of one scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guarantees {
    /// How many outputs are possible, and how they were found.
    pub found: String,
    /// Pairs of lines: the first always comes before the second. Others follow from these.
    pub always: BTreeSet<(String, String)>,
    /// Lines that not every run prints.
    pub may_be_missing: BTreeSet<String>,
    /// Lines in which something differs from run to run, and what.
    pub may_vary: BTreeSet<String>,
}

impl Guarantees {
    /// Reads the text of a snapshot, with or without its head.
    #[must_use]
    pub fn read(snapshot: &str) -> Self {
        let mut guarantees = Self::default();
        let mut section = "";
        for line in body(snapshot).lines() {
            match line.strip_prefix("  ") {
                _ if line.is_empty() => {}
                None if guarantees.found.is_empty() => line.clone_into(&mut guarantees.found),
                None => section = line,
                Some("nothing") => {}
                Some(entry) => guarantees.enter(section, entry),
            }
        }
        guarantees
    }

    fn enter(&mut self, section: &str, entry: &str) {
        match section {
            "always" => {
                let lines: Vec<&str> = entry.split(ARROW).collect();
                self.always.extend(lines.windows(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())));
            }
            "may be missing" => {
                // In how many outputs it is there is no promise.
                let line = entry.split(" (it is there in ").next().unwrap_or(entry);
                self.may_be_missing.insert(line.to_owned());
            }
            "may vary" => {
                self.may_vary.insert(entry.to_owned());
            }
            _ => {}
        }
    }

    /// Whether it follows that the first line always comes before the second.
    fn promises(&self, first: &str, second: &str) -> bool {
        let mut reached = BTreeSet::from([first]);
        loop {
            let next: Vec<&str> = self
                .always
                .iter()
                .filter(|(a, b)| reached.contains(a.as_str()) && !reached.contains(b.as_str()))
                .map(|(_, b)| b.as_str())
                .collect();
            if next.is_empty() {
                return first != second && reached.contains(second);
            }
            reached.extend(next);
        }
    }

    /// What `self` promises and `other` does not, in sentences.
    fn beyond(&self, other: &Self) -> Vec<String> {
        let always = self
            .always
            .iter()
            .filter(|(a, b)| !other.promises(a, b))
            .map(|(a, b)| format!("“{a}” always comes before “{b}”"));
        let never_missing = other
            .may_be_missing
            .difference(&self.may_be_missing)
            .map(|line| format!("“{line}” is never missing"));
        let never_varies = other
            .may_vary
            .difference(&self.may_vary)
            .map(|line| format!("nothing else than before in: {line}"));
        always.chain(never_missing).chain(never_varies).collect()
    }
}

/// A snapshot without its head.
#[must_use]
pub fn body(snapshot: &str) -> &str {
    let after_head = snapshot.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    after_head.map_or(snapshot, |(_, body)| body)
}

/// What a change makes of a scenario's promises, in sentences; empty when it is nothing.
#[must_use]
pub fn changes(before: Option<&Guarantees>, after: Option<&Guarantees>) -> Vec<String> {
    let (Some(before), Some(after)) = (before, after) else {
        return match (before, after) {
            (None, Some(after)) => vec![format!("is new: {}", after.found)],
            (Some(_), None) => vec!["is gone, with all that it promised".to_owned()],
            _ => Vec::new(),
        };
    };
    let mut changes = Vec::new();
    changes.extend(before.beyond(after).into_iter().map(|promise| format!("no longer promises: {promise}")));
    changes.extend(after.beyond(before).into_iter().map(|promise| format!("now promises: {promise}")));
    if before.found != after.found {
        changes.push(format!("was: {}", before.found));
        changes.push(format!("is: {}", after.found));
    }
    changes
}

/// The snapshots of guarantees below `folder`, by path.
///
/// # Errors
/// When a folder cannot be read.
pub fn snapshots_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(snapshots_below(&path)?);
        } else if is_of_guarantees(&path) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a file is a snapshot of guarantees, by its name.
#[must_use]
pub fn is_of_guarantees(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.contains("__guarantees") && name.ends_with(".snap")
}

/// What a snapshot is about: its lesson, and its scenario where the lesson has more than one.
#[must_use]
pub fn title(path: &Path) -> String {
    let mut folders = path.iter().map(|part| part.to_string_lossy()).skip_while(|part| part != "crates");
    let lesson = folders.nth(1).unwrap_or_default().into_owned();
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    match name.split_once("__guarantees of ") {
        Some((_, scenario)) => format!("{lesson}, {scenario}"),
        None => lesson,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "---\nsource: x\n---\n3 possible outputs; every schedule was run\n\nalways\n  a  →  b  →  end\n\n\
        in either order\n  all of a, c\n\nmay be missing\n  nothing\n";

    fn changes_to(after: &str) -> Vec<String> {
        changes(Some(&Guarantees::read(BEFORE)), Some(&Guarantees::read(after)))
    }

    #[test]
    fn a_snapshot_is_read_with_its_pairs() {
        let read = Guarantees::read(BEFORE);
        assert_eq!(read.found, "3 possible outputs; every schedule was run");
        assert!(read.promises("a", "b") && read.promises("a", "end"));
        assert!(!read.promises("b", "a") && !read.promises("a", "a"));
        assert!(read.may_be_missing.is_empty());
    }

    #[test]
    fn the_same_promises_in_other_chains_are_no_change() {
        assert!(changes_to(&BEFORE.replace("  a  →  b  →  end\n", "  a  →  b\n  b  →  end\n")).is_empty());
    }

    #[test]
    fn a_lost_pair_and_a_gained_one_are_told_in_sentences() {
        let after = BEFORE.replace("a  →  b  →  end", "b  →  a  →  end");
        assert_eq!(
            changes_to(&after),
            ["no longer promises: “a” always comes before “b”", "now promises: “b” always comes before “a”",]
        );
    }

    #[test]
    fn a_line_that_may_be_missing_from_now_on_is_a_lost_promise() {
        let after = BEFORE.replace("  nothing\n", "  end (it is there in 2 of 3 outputs)\n");
        assert_eq!(changes_to(&after), ["no longer promises: “end” is never missing"]);
    }

    #[test]
    fn other_counts_of_outputs_are_told() {
        let after = BEFORE.replace("3 possible", "4 possible");
        assert_eq!(changes_to(&after).len(), 2);
    }

    #[test]
    fn a_new_and_a_removed_scenario_are_told() {
        let read = Guarantees::read(BEFORE);
        assert_eq!(changes(None, Some(&read)), ["is new: 3 possible outputs; every schedule was run"]);
        assert_eq!(changes(Some(&read), None), ["is gone, with all that it promised"]);
    }

    #[test]
    fn a_title_names_the_lesson_and_its_scenario() {
        let snapshots = Path::new("/home/crates/daemon/tests/snapshots");
        assert_eq!(title(&snapshots.join("orders__guarantees of cut-off.snap")), "daemon, cut-off");
        assert_eq!(title(&snapshots.join("orders__guarantees.snap")), "daemon");
    }
}
