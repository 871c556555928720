//! The snapshots that the tests of a copy write, and how they differ from those of the lesson.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use course_tests::guarantees::stored::body;
use course_tests::guarantees::{Evidence, Guarantees};

use crate::diff::difference;
use crate::files;
use crate::guarantees::{self, ByTitle, is_of_guarantees};

/// The part of a snapshot's name before the name of the scenario.
const REAL_RUN: &str = "__real_run__";

/// A lesson's snapshots: its output and its guarantees.
#[derive(Debug, Default)]
pub(super) struct Snapshots {
    /// The canonical form of each scenario's output.
    outputs: BTreeMap<String, String>,
    guarantees: ByTitle,
}

impl Snapshots {
    /// Reads the snapshots of the lesson in the folder `lesson`, which is `crates/NAME` in its workspace.
    ///
    /// # Errors
    /// If a snapshot cannot be read.
    pub(super) fn of(lesson: &Path) -> Result<Self> {
        let tests = lesson.join("tests");
        let mut outputs = BTreeMap::new();
        for path in files::below(&tests).with_context(|| format!("cannot read {}", tests.display()))? {
            if let Some(name) = real_run(&path) {
                let text =
                    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
                outputs.insert(name, body(&text).to_owned());
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
        let is_read = |path: &PathBuf| is_of_guarantees(path) || real_run(path).is_some();
        for path in files.into_iter().filter(is_read) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
        Ok(())
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
        let mut text = String::new();
        for (name, before) in &self.outputs {
            let Some(after) = after.outputs.get(name) else {
                let state = if passed { "no longer tested" } else { UNKNOWN };
                let _ = writeln!(text, "The output of {name} is {state}.");
                continue;
            };
            let difference = difference(before, after);
            if !difference.is_empty() {
                let _ = writeln!(text, "The output of {name} has changed {GROUPED}:\n{difference}");
            }
        }
        for (name, output) in after.outputs.iter().filter(|(name, _)| !self.outputs.contains_key(*name)) {
            let _ = writeln!(text, "The output of {name} is new {GROUPED}:\n{}", difference("", output));
        }
        if text.is_empty() { SAME_OUTPUT.to_owned() } else { text }
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
        let is_checked = |(title, one): &(&String, &Guarantees)| {
            one.found.is_declared() && known.get(*title) == Some(*one)
        };
        let (checked, derived): (Vec<_>, Vec<_>) = after.guarantees.iter().partition(is_checked);
        if !changes.is_empty() {
            let _ = write!(text, "The guarantees have changed:\n{changes}");
        } else if !derived.is_empty() && unknown.is_empty() {
            let which = if checked.is_empty() { "" } else { "derived " };
            let _ = writeln!(text, "The {which}guarantees are unchanged.");
        }
        for (title, _) in checked {
            let _ = writeln!(text, "{title}: {DECLARED}");
        }
        let is_random = |one: &Guarantees| matches!(one.found, Evidence::RandomSchedules { .. });
        for (title, _) in after.guarantees.iter().filter(|(_, one)| is_random(one)) {
            let _ = writeln!(text, "{title}: {RANDOM}");
        }
        text
    }
}

/// How many changes of the guarantees are shown for each scenario.
const MAX_CHANGES: usize = 10;

/// Stated where lines of an output are shown. A snapshot has them in canonical form.
const GROUPED: &str = "(lines grouped by actor, not in the order of printing)";

/// Stated where no output has changed. A snapshot does not show in which order lines of different actors come.
const SAME_OUTPUT: &str = "A real run prints the same lines, those of each actor in the same order.\n";

/// Stated of guarantees that cannot be derived, and whose declaration holds.
const DECLARED: &str = "the declared guarantees hold in real runs, which do not show additional ones.";

/// Stated of guarantees that random schedules have shown, also if the changes are too many to show them all.
const RANDOM: &str = "there are too many schedules to run them all. Random ones were run: what they show may not be guaranteed.";

/// The state of a snapshot that was not written.
const UNKNOWN: &str = "unknown: the test failed first";

/// Returns the name of the scenario, if this file is the snapshot of a real run.
fn real_run(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.strip_suffix(".snap")?;
    let (_, run) = name.split_once(REAL_RUN)?;
    (!is_of_guarantees(path)).then(|| run.to_owned())
}

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
        assert_eq!(text, format!("{SAME_OUTPUT}The guarantees are unchanged.\n"));
    }

    #[test]
    fn a_changed_output_is_shown_as_a_diff_and_a_lost_guarantee_as_a_sentence() {
        let after = snapshots_of("pour\n", &[&["boil", "pour"], &["pour", "boil"]], derived());
        let text = plain(&tea().changes(&after, true));
        let expected = format!(
            "The output of tea has changed {GROUPED}:\n  - boil\n  + pour\n\n\
            The guarantees have changed:\nkettle, tea\n  \
            - guarantee lost: “boil” always comes before “pour”\n"
        );
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
        assert!(text.starts_with(&format!("The output of tea is new {GROUPED}:\n  + boil\n")), "{text}");
        assert!(text.contains("kettle, tea\n  - new scenario: 2 possible outputs"), "{text}");
    }

    #[test]
    fn declared_guarantees_are_never_unchanged() {
        let declared = snapshots_of("pour\n", &[&["boil", "pour"]], Evidence::Observed { runs: 50 });
        let expected = format!("{SAME_OUTPUT}kettle, tea: {DECLARED}\n");
        assert_eq!(declared.changes(&declared, true), expected);
    }

    #[test]
    fn guarantees_of_random_schedules_are_marked_also_below_many_changes() {
        let random = || Evidence::RandomSchedules { outputs: Some(2) };
        let lines = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
        for after in
            [snapshots_of("boil\n", &[&["boil", "pour"]], random()), snapshots_of("", &[&lines], random())]
        {
            let text = tea().changes(&after, true);
            assert!(text.ends_with(&format!("\nkettle, tea: {RANDOM}\n")), "{text}");
        }
        assert!(!tea().changes(&tea(), true).contains(RANDOM));
    }

    #[test]
    fn a_snapshot_of_a_real_run_is_recognised_by_its_name() {
        assert_eq!(real_run(Path::new("a/lesson__real_run__cut-off.snap")).as_deref(), Some("cut-off"));
        for other in ["lesson__real_run__guarantees of process.snap", "lesson__faults__faults.snap"] {
            assert_eq!(real_run(Path::new(other)), None);
        }
    }
}
