//! How guarantees are stored.
//!
//! [`assert_guarantees!`](crate::assert_guarantees) compares two insta snapshots: the words, which a reviewer reads, and
//! the data, which `cargo xtask review` compares with another revision. If [`GUARANTEES_FILE_VAR`] is set, a test appends
//! the data to that file instead: that is how xtask gets the guarantees of the working tree, whatever its snapshots
//! contain.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, io};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::guarantees::data::Guarantees;

/// The environment variable that names the file to which tests append guarantees, one line of JSON each.
pub const GUARANTEES_FILE_VAR: &str = "GUARANTEES_FILE";

/// The environment variable that names the folder of the snapshots that must be kept, if it is not the lesson's own:
/// `cargo xtask try` removes those of a copy before each run.
pub const KEPT_SNAPSHOTS_VAR: &str = "KEPT_SNAPSHOTS";

/// The beginning of the names of tests that call [`assert_guarantees!`](crate::assert_guarantees).
pub const TEST_NAME_PREFIX: &str = "guarantees_of_";

/// The end of the name of a file that stores guarantees as data.
pub const DATA_SUFFIX: &str = " (data).snap";

/// The guarantees of one scenario of a lesson, as they are stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The name of the lesson.
    pub lesson: String,
    /// The name of the scenario; empty if the lesson has only one.
    pub scenario: String,
    /// What it guarantees.
    #[serde(flatten)]
    pub guarantees: Guarantees,
}

impl Stored {
    /// Returns the guarantees of a scenario of the lesson in `folder`.
    #[must_use]
    pub fn new(folder: &str, scenario: &str, guarantees: Guarantees) -> Self {
        let lesson = Path::new(folder).file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self { lesson, scenario: scenario.to_owned(), guarantees }
    }

    /// Reads a snapshot of the data, or what [`Stored::to_json`] returns.
    ///
    /// # Errors
    /// If it is not JSON, or has other fields.
    pub fn read(snapshot: &str) -> serde_json::Result<Self> {
        serde_json::from_str(body(snapshot))
    }

    /// Reads a snapshot: from the folder that [`KEPT_SNAPSHOTS_VAR`] names, or else from that of the lesson in `folder`.
    ///
    /// # Panics
    /// Panics if it cannot be read.
    #[must_use]
    pub fn read_from(folder: &str, name: &str) -> Self {
        let own = || Path::new(folder).join("tests/lesson/snapshots");
        let path = env::var_os(KEPT_SNAPSHOTS_VAR).map_or_else(own, PathBuf::from).join(name);
        let text = fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        Self::read(&text).unwrap_or_else(|error| panic!("cannot parse {}: {error}", path.display()))
    }

    /// Asserts that no schedule of a sample breaks these guarantees, and returns them. A sample shows more guarantees than
    /// there are: what it does not happen to reverse. If they are for `cargo xtask review` or `try`, their evidence is that
    /// of the sample, so that these say how sure it is.
    ///
    /// # Panics
    /// Panics if one is broken.
    #[must_use]
    pub fn kept_by(mut self, sample: &Guarantees) -> Self {
        let stored = &self.guarantees;
        let broken: Vec<_> = stored.all_before().difference(&sample.all_before()).cloned().collect();
        assert!(broken.is_empty(), "not in this order in every schedule: {broken:?}");
        let apart: Vec<_> = stored.all_neighbours().difference(&sample.all_neighbours()).cloned().collect();
        assert!(apart.is_empty(), "not next to each other in every schedule: {apart:?}");
        let lines = |guarantees: &Guarantees| -> BTreeSet<(String, Vec<String>)> {
            guarantees.lines.iter().map(|line| (line.label.clone(), line.values.clone())).collect()
        };
        assert_eq!(
            lines(stored),
            lines(sample),
            "the lines, and the values of what may vary, of the snapshot (left) and of the sample (right)"
        );
        let missing: Vec<_> = stored
            .lines
            .iter()
            .map(|line| &line.label)
            .filter(|label| stored.is_never_missing(label) && !sample.is_never_missing(label))
            .collect();
        assert!(missing.is_empty(), "missing in a schedule: {missing:?}");
        if [GUARANTEES_FILE_VAR, KEPT_SNAPSHOTS_VAR].iter().any(|name| env::var_os(name).is_some()) {
            self.guarantees.found = sample.found.clone();
        }
        self
    }

    /// Returns the data as JSON, with one line for each item of a list.
    #[must_use]
    pub fn to_json(&self) -> String {
        let value = serde_json::to_value(self).expect("they are strings and numbers");
        let mut fields = Vec::new();
        for (name, value) in value.as_object().into_iter().flatten() {
            let mut field = format!("{}: ", Value::from(name.as_str()));
            match value {
                Value::Array(items) if !items.is_empty() => {
                    let items: Vec<String> = items.iter().map(|item| format!("\n    {item}")).collect();
                    let _ = write!(field, "[{}\n  ]", items.join(","));
                }
                _ => field.push_str(&value.to_string()),
            }
            fields.push(format!("  {field}"));
        }
        format!("{{\n{}\n}}\n", fields.join(",\n"))
    }

    /// Returns the name of the snapshot of the words.
    #[must_use]
    pub fn name(&self) -> String {
        if self.scenario.is_empty() {
            "guarantees".to_owned()
        } else {
            format!("guarantees of {}", self.scenario)
        }
    }

    /// Returns the name of the snapshot of the data.
    #[must_use]
    pub fn data_name(&self) -> String {
        format!("{} (data)", self.name())
    }

    /// Appends the data to the file that [`GUARANTEES_FILE_VAR`] names. Returns false if the variable is not set.
    ///
    /// # Panics
    /// Panics if the file cannot be written.
    #[must_use]
    pub fn append_to_file(&self) -> bool {
        let Some(file) = env::var_os(GUARANTEES_FILE_VAR) else { return false };
        let append = || -> io::Result<()> {
            let line = serde_json::to_string(self)? + "\n";
            OpenOptions::new().append(true).create(true).open(&file)?.write_all(line.as_bytes())
        };
        append().unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
        true
    }
}

/// Returns a snapshot without its head. An editor may have saved it with CRLF.
#[must_use]
pub fn body(snapshot: &str) -> &str {
    let mut offset = 0;
    for (number, line) in snapshot.split_inclusive('\n').enumerate() {
        offset += line.len();
        match (number, line.trim_end()) {
            (0, "---") => {}
            (0, _) => return snapshot,
            (_, "---") => return &snapshot[offset..],
            _ => {}
        }
    }
    snapshot
}

/// Asserts that a scenario of the calling lesson has these guarantees: the ones in its two snapshots, `guarantees of
/// SCENARIO` and `guarantees of SCENARIO (data)`.
///
/// The name of the calling test must begin with `guarantees_of_`, so that `cargo xtask review` finds it.
#[macro_export]
macro_rules! assert_guarantees {
    ($scenario:expr, $guarantees:expr) => {{
        let stored =
            $crate::guarantees::stored::Stored::new(env!("CARGO_MANIFEST_DIR"), $scenario, $guarantees);
        if !stored.append_to_file() {
            ::insta::assert_snapshot!(stored.name(), stored.guarantees.words());
            ::insta::assert_snapshot!(stored.data_name(), stored.to_json());
        }
    }};
}

/// Asserts that a scenario of the calling lesson keeps the guarantees in its snapshots, as far as a sample of its schedules
/// shows: for a scenario with too many of them for every test run. See [`Stored::kept_by`].
#[macro_export]
macro_rules! assert_keeps_guarantees {
    ($scenario:expr, $sample:expr) => {{
        let name = concat!("lesson__guarantees__guarantees of ", $scenario, " (data).snap");
        let stored = $crate::guarantees::stored::Stored::read_from(env!("CARGO_MANIFEST_DIR"), name);
        let stored = stored.kept_by(&$sample);
        if !stored.append_to_file() {
            // The words are those of the data.
            ::insta::assert_snapshot!(stored.name(), stored.guarantees.words());
            ::insta::assert_snapshot!(stored.data_name(), stored.to_json());
        }
    }};
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TraceSpec;
    use crate::guarantees::{Evidence, Presence, derive};

    fn stored() -> Stored {
        let outputs = [["a", "b"], ["b", "a"]].map(|lines| lines.map(str::to_owned).to_vec());
        let spec = TraceSpec::new().event(".*", "$0", "");
        let guarantees = derive(&outputs.into(), Evidence::every_schedule(Some(2)), &spec);
        Stored::new("/crates/kettle", "tea", guarantees)
    }

    #[test]
    fn stored_guarantees_are_read_back_with_or_without_the_head_of_a_snapshot() {
        let json = stored().to_json();
        assert_eq!(Stored::read(&json).expect("it can be read"), stored());
        let snapshot = format!("---\nsource: x\n---\n{json}");
        assert_eq!(Stored::read(&snapshot).expect("it can be read"), stored());
        assert_eq!(Stored::read(&snapshot.replace('\n', "\r\n")).expect("it can be read"), stored());
    }

    #[test]
    fn what_earlier_revisions_store_can_be_read() {
        let json = r#"{"before": [], "found": {"every_schedule":{"outputs":2}}, "lesson": "kettle", "lines": [
            {"actor":"main","label":"boil"}, {"actor":"main","label":"pour","present_in":1}
        ], "never_both": [], "nothing_between": [], "scenario": ""}"#;
        let read = Stored::read(json).expect("it can be read").guarantees;
        assert_eq!(read.found, Evidence::every_schedule(Some(2)));
        let presence: Vec<Presence> = read.lines.iter().map(|line| line.present_in).collect();
        assert_eq!(presence, [Presence::AllOutputs, Presence::Outputs(1)]);
        let random: Evidence =
            serde_json::from_str(r#"{"random_schedules":{"outputs":2}}"#).expect("it can be read");
        assert_eq!(random, Evidence::RandomSchedules { outputs: Some(2) });
    }

    #[test]
    fn guarantees_of_outputs_that_were_not_listed_are_read_back() {
        let mut stored = stored();
        stored.guarantees.found =
            Evidence::EverySchedule { outputs: None, smaller: Some("one cup instead of two".to_owned()) };
        stored.guarantees.lines[0].present_in = Presence::SomeOutputs;
        let json = stored.to_json();
        assert!(
            json.contains(r#""found": {"every_schedule":{"smaller":"one cup instead of two"}}"#),
            "{json}"
        );
        assert!(json.contains(r#"{"actor":"a","label":"a","present_in":null}"#), "{json}");
        assert_eq!(Stored::read(&json).expect("it can be read"), stored);
    }

    #[test]
    fn each_line_of_a_lesson_is_a_line_of_the_stored_form() {
        let expected = "{\n  \"before\": [],\n  \"found\": {\"every_schedule\":{\"outputs\":2}},\n  \
            \"lesson\": \"kettle\",\n  \"lines\": [\n    {\"actor\":\"a\",\"label\":\"a\"},\n    \
            {\"actor\":\"b\",\"label\":\"b\"}\n  ],\n  \"never_both\": [],\n  \"nothing_between\": [],\n  \
            \"scenario\": \"tea\"\n}\n";
        assert_eq!(stored().to_json(), expected);
    }
}
