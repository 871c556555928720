//! What the tests of a copy have found: what they print, and the snapshots that they write.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use course_tests::guarantees::Evidence;
use course_tests::guarantees::stored::body;

use super::diff::difference;
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
    pub(super) fn changes(&self, after: &Self, passed: bool, colour: bool) -> String {
        self.output_changes(after, passed, colour) + &self.guarantee_changes(after, passed)
    }

    fn output_changes(&self, after: &Self, passed: bool, colour: bool) -> String {
        let mut text = String::new();
        for (name, before) in &self.outputs {
            let Some(after) = after.outputs.get(name) else {
                let state = if passed { "no longer tested" } else { UNKNOWN };
                let _ = writeln!(text, "The output of {name} is {state}.");
                continue;
            };
            let difference = difference(before, after, colour);
            if !difference.is_empty() {
                let _ = writeln!(text, "The output of {name} has changed:\n{difference}");
            }
        }
        for (name, output) in after.outputs.iter().filter(|(name, _)| !self.outputs.contains_key(*name)) {
            let _ = writeln!(text, "The output of {name} is new:\n{}", difference("", output, colour));
        }
        if text.is_empty() { "The output is unchanged.\n".to_owned() } else { text }
    }

    fn guarantee_changes(&self, after: &Self, passed: bool) -> String {
        let is_known = |title: &String| passed || after.guarantees.contains_key(title);
        let (known, unknown): (ByTitle, ByTitle) =
            self.guarantees.clone().into_iter().partition(|(title, _)| is_known(title));
        let mut text = String::new();
        for title in unknown.keys() {
            let _ = writeln!(text, "The guarantees of {title} are {UNKNOWN}.");
        }
        let changes = guarantees::describe_changes(&known, &after.guarantees);
        if !changes.is_empty() {
            let _ = write!(text, "The guarantees have changed:\n{changes}");
        }
        if !text.is_empty() {
            return text;
        }
        let declared = after.guarantees.values().any(|one| matches!(one.found, Evidence::Observed { .. }));
        let remark = if declared { NOT_DERIVED } else { "" };
        format!("The guarantees are unchanged.{remark}\n")
    }
}

/// Added where declared guarantees have not changed.
const NOT_DERIVED: &str =
    " (Those of processes and of the spider are declared, not derived: an added guarantee does not show.)";

/// The state of a snapshot that was not written.
const UNKNOWN: &str = "unknown: the test failed first";

/// Returns the name of the scenario, if this file is the snapshot of a real run.
fn real_run(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.strip_suffix(".snap")?;
    let (_, run) = name.split_once(REAL_RUN)?;
    (!is_of_guarantees(path)).then(|| run.to_owned())
}

/// Splits the output of `cargo test` into the compiler's and the tests'; the latter is `None` if they were not run.
pub(super) fn split_output(output: &str) -> (&str, Option<&str>) {
    let begins = |line: &str| line.starts_with("running ") && line.trim_end().ends_with(['t', 's']);
    let mut offset = 0;
    for line in output.split_inclusive('\n') {
        if begins(line) {
            let (by_compiler, by_tests) = output.split_at(offset);
            return (by_compiler.trim_start(), Some(failures(by_tests)));
        }
        offset += line.len();
    }
    (output.trim_start(), None)
}

/// Returns the part of the tests' output about failures; all of it if it does not have the usual form.
fn failures(by_tests: &str) -> &str {
    let from = by_tests.find("\nfailures:\n");
    let to = by_tests.rfind("\ntest result: ");
    match (from, to) {
        (Some(from), Some(to)) if from < to => by_tests[from..to].trim_matches('\n'),
        _ => by_tests.trim_matches('\n'),
    }
}

/// Removes the scheduler's messages, which it prints for every panic: they are about repeating a schedule.
pub(super) fn without_scheduler_messages(by_tests: &str) -> String {
    let is_message = |line: &&str| {
        line.starts_with("Task failed, serializing") || line.starts_with("test panicked in task ")
    };
    by_tests.split_inclusive('\n').filter(|line| !is_message(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use course_tests::TraceSpec;
    use course_tests::guarantees::derive;

    const DERIVED: Evidence = Evidence::EverySchedule { outputs: 2 };

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

    fn tea() -> Snapshots {
        snapshots_of("boil\n", &[&["boil", "pour"]], DERIVED)
    }

    #[test]
    fn equal_snapshots_are_unchanged() {
        let text = tea().changes(&tea(), true, false);
        assert_eq!(text, "The output is unchanged.\nThe guarantees are unchanged.\n");
    }

    #[test]
    fn a_changed_output_is_shown_as_a_diff_and_a_lost_guarantee_as_a_sentence() {
        let after = snapshots_of("pour\n", &[&["boil", "pour"], &["pour", "boil"]], DERIVED);
        let text = tea().changes(&after, true, false);
        let expected = "The output of tea has changed:\n  - boil\n  + pour\n\n\
            The guarantees have changed:\nkettle, tea\n  \
            - guarantee lost: “boil” always comes before “pour”\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_snapshot_that_a_failed_test_did_not_write_is_unknown() {
        let text = tea().changes(&Snapshots::default(), false, false);
        let expected = "The output of tea is unknown: the test failed first.\n\
            The guarantees of kettle, tea are unknown: the test failed first.\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_snapshot_without_a_test_is_no_longer_tested() {
        let text = tea().changes(&Snapshots::default(), true, false);
        assert!(text.starts_with("The output of tea is no longer tested.\n"), "{text}");
        assert!(text.ends_with("kettle, tea\n  - scenario removed, with all its guarantees\n"), "{text}");
    }

    #[test]
    fn a_new_snapshot_is_new() {
        let text = Snapshots::default().changes(&tea(), true, false);
        assert!(text.starts_with("The output of tea is new:\n  + boil\n"), "{text}");
        assert!(text.contains("kettle, tea\n  - new scenario: 2 possible outputs"), "{text}");
    }

    #[test]
    fn the_output_of_the_compiler_and_that_of_the_tests_are_separated() {
        assert_eq!(split_output("\nerror: no\n"), ("error: no\n", None));
        let passed = "\nrunning 2 tests\n..\ntest result: ok. 2 passed\n";
        assert_eq!(split_output(passed).0, "");
        assert!(split_output(passed).1.is_some());
        let failed = "warning: unused\n\nrunning 1 test\nt --- FAILED\n\nfailures:\n\n---- t stdout ----\nwhy\n\n\
            failures:\n    t\n\ntest result: FAILED. 0 passed\n\nerror: test failed, to rerun pass `--bin a`\n";
        let why = "failures:\n\n---- t stdout ----\nwhy\n\nfailures:\n    t";
        assert_eq!(split_output(failed), ("warning: unused\n\n", Some(why)));
    }

    #[test]
    fn tests_that_are_killed_are_shown_with_all_their_output() {
        let killed = "running 1 test\nerror: test failed\n\nCaused by: signal 9\n";
        assert_eq!(split_output(killed).1, Some(killed.trim_end()));
    }

    #[test]
    fn unchanged_guarantees_that_are_declared_come_with_a_remark() {
        let declared = snapshots_of("pour\n", &[&["boil", "pour"]], Evidence::Observed { runs: 50 });
        assert!(declared.changes(&declared, true, false).contains("are unchanged. (Those of processes"));
    }

    #[test]
    fn messages_of_the_scheduler_are_removed() {
        let output =
            "---- t stdout ----\nTask failed, serializing schedule\ntest panicked in task 'NotSet'\n\nwhy\n";
        assert_eq!(without_scheduler_messages(output), "---- t stdout ----\n\nwhy\n");
    }

    #[test]
    fn a_snapshot_of_a_real_run_is_recognised_by_its_name() {
        assert_eq!(real_run(Path::new("a/lesson__real_run__cut-off.snap")).as_deref(), Some("cut-off"));
        for other in ["lesson__real_run__guarantees of process.snap", "lesson__faults__faults.snap"] {
            assert_eq!(real_run(Path::new(other)), None);
        }
    }
}
