//! The snapshots that the tests of a copy write, and how they differ from those of the lesson.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use course_tests::guarantees::{Evidence, Guarantees};

use crate::files;
use crate::guarantees::{self, ByTitle, is_of_guarantees};
use crate::outputs::{self, Outputs};

/// A lesson's snapshots: its output and its guarantees.
#[derive(Debug, Default)]
pub(super) struct Snapshots {
    /// The canonical form of each scenario's output.
    outputs: Outputs,
    guarantees: ByTitle,
}

impl Snapshots {
    /// Reads the snapshots of the lesson in the folder `lesson`, which is `crates/NAME` in its workspace.
    ///
    /// # Errors
    /// If a snapshot cannot be read.
    pub(super) fn of(lesson: &Path) -> Result<Self> {
        let tests = lesson.join("tests");
        let mut outputs = Outputs::new();
        for path in files::below(&tests).with_context(|| format!("cannot read {}", tests.display()))? {
            if let Some(name) = outputs::scenario(&path) {
                let text =
                    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
                outputs.insert(name.to_owned(), text);
            }
        }
        Ok(Self { outputs, guarantees: guarantees::stored_below(&tests)? })
    }

    /// Removes the snapshots of the lesson in the folder `lesson`.
    ///
    /// # Errors
    /// If a snapshot cannot be removed.
    pub(super) fn remove(lesson: &Path) -> Result<()> {
        let tests = lesson.join("tests");
        let files = files::below(&tests).with_context(|| format!("cannot read {}", tests.display()))?;
        let is_read = |path: &PathBuf| is_of_guarantees(path) || outputs::scenario(path).is_some();
        for path in files.into_iter().filter(is_read) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
        Ok(())
    }

    /// Returns whether schedules were run: every one, or random ones.
    pub(super) fn were_explored(&self) -> bool {
        self.guarantees.values().any(|one| !one.found.is_declared())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.outputs.is_empty() && self.guarantees.is_empty()
    }

    /// Describes the changes from these snapshots to `after`. If not all tests have passed, a snapshot that is missing in
    /// `after` is unknown, not removed: its test failed before it wrote it.
    pub(super) fn changes(&self, after: &Self, passed: bool) -> String {
        self.output_changes(after, passed) + &self.guarantee_changes(after, passed)
    }

    fn output_changes(&self, after: &Self, passed: bool) -> String {
        let missing = if passed { "no longer tested" } else { UNKNOWN };
        let changes = outputs::describe_changes(&self.outputs, &after.outputs, missing);
        match (changes.is_empty(), passed) {
            (false, _) => changes,
            (true, true) => SAME_OUTPUT.to_owned(),
            (true, false) => {
                format!("{SAME_OUTPUT}Other runs may not have: see the failed tests above.\n")
            }
        }
    }

    fn guarantee_changes(&self, after: &Self, passed: bool) -> String {
        let is_known = |title: &String| passed || after.guarantees.contains_key(title);
        let (known, unknown): (ByTitle, ByTitle) =
            self.guarantees.clone().into_iter().partition(|(title, _)| is_known(title));
        let mut text = String::new();
        for title in unknown.keys() {
            let _ = writeln!(text, "The guarantees of {title} are {UNKNOWN}.");
        }
        let changes = guarantees::describe_changes(&known, &after.guarantees, MAX_CHANGES);
        let is_proven = |one: &Guarantees| matches!(one.found, Evidence::EverySchedule { .. });
        let proven: Vec<&str> = after
            .guarantees
            .iter()
            .filter(|(_, one)| is_proven(one))
            .map(|(title, _)| title.as_str())
            .collect();
        if !changes.is_empty() {
            let _ = write!(text, "The guarantees have changed:\n{changes}");
        } else if !proven.is_empty() {
            let _ =
                writeln!(text, "The guarantees are unchanged under every schedule: {}.", proven.join("; "));
        }
        text + &guarantees::describe_doubts(&after.guarantees)
    }
}

/// How many changes of the guarantees are shown for each scenario.
const MAX_CHANGES: usize = 10;

/// Stated where no output has changed. A snapshot does not show in which order lines of different actors come.
const SAME_OUTPUT: &str = "One real run printed the same lines, those of each actor in the same order.\n";

/// The state of a snapshot that was not written.
const UNKNOWN: &str = "unknown: the test failed first";

#[cfg(test)]
mod tests {
    use super::*;
    use course_tests::TraceSpec;
    use course_tests::guarantees::derive;

    fn derived() -> Evidence {
        Evidence::every_schedule(Some(2))
    }

    /// The lines of `ordered` come in that order.
    fn snapshots_of(output: &str, ordered: &[&[&str]], found: Evidence) -> Snapshots {
        let spec = TraceSpec::new().event(".*", "main", "");
        let outputs =
            ordered.iter().map(|lines| lines.iter().map(|&line| line.to_owned()).collect()).collect();
        Snapshots {
            outputs: [("tea".to_owned(), output.to_owned())].into(),
            guarantees: [("kettle, tea".to_owned(), derive(&outputs, found, &spec))].into(),
        }
    }

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    fn tea() -> Snapshots {
        snapshots_of("boil\n", &[&["boil", "pour"]], derived())
    }

    #[test]
    fn equal_snapshots_are_unchanged() {
        let text = tea().changes(&tea(), true);
        assert_eq!(
            text,
            format!("{SAME_OUTPUT}The guarantees are unchanged under every schedule: kettle, tea.\n")
        );
    }

    #[test]
    fn a_changed_output_is_shown_as_a_diff_and_a_lost_guarantee_as_a_sentence() {
        let after = snapshots_of("pour\n", &[&["boil", "pour"], &["pour", "boil"]], derived());
        let text = plain(&tea().changes(&after, true));
        let expected = "The output of tea has changed (lines grouped by actor, not in the order of printing):\n  - boil\n  + pour\n\n\
            The guarantees have changed:\nkettle, tea\n  \
            - guarantee lost: “boil” always comes before “pour”\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_snapshot_that_a_failed_test_did_not_write_is_unknown() {
        let text = tea().changes(&Snapshots::default(), false);
        let expected = "The output of tea is unknown: the test failed first.\n\
            The guarantees of kettle, tea are unknown: the test failed first.\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_snapshot_without_a_test_is_no_longer_tested() {
        let text = tea().changes(&Snapshots::default(), true);
        assert!(text.starts_with("The output of tea is no longer tested.\n"), "{text}");
        assert!(text.ends_with("kettle, tea\n  - scenario removed, with all its guarantees\n"), "{text}");
    }

    #[test]
    fn a_new_snapshot_is_new() {
        let text = plain(&Snapshots::default().changes(&tea(), true));
        assert!(
            text.starts_with(
                "The output of tea is new (lines grouped by actor, not in the order of printing):\n  + boil\n"
            ),
            "{text}"
        );
        assert!(text.contains("kettle, tea\n  - new scenario: 2 possible outputs"), "{text}");
    }

    #[test]
    fn what_was_only_observed_or_run_at_random_is_never_unchanged() {
        for found in [Evidence::Observed { runs: 50 }, Evidence::RandomSchedules { outputs: Some(2) }] {
            let seen = snapshots_of("boil\n", &[&["boil", "pour"]], found);
            let text = tea().changes(&seen, true);
            assert!(!text.contains("unchanged"), "{text}");
            assert!(text.contains(" may be lost: kettle, tea ("), "{text}");
        }
    }

    #[test]
    fn doubts_are_stated_below_many_changes_too() {
        let lines = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
        let after = snapshots_of("", &[&lines], Evidence::RandomSchedules { outputs: Some(2) });
        let text = tea().changes(&after, true);
        assert!(text.ends_with("kettle, tea (random schedules).\n"), "{text}");
    }

    #[test]
    fn an_equal_output_does_not_excuse_a_failed_test() {
        let text = tea().changes(&tea(), false);
        assert!(text.contains("see the failed tests above.\n"), "{text}");
    }
}
