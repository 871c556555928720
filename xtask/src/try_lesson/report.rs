//! What the tests of a copy tell: by what they print, and by the snapshots that they write.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use course_tests::guarantees::body;

use super::diff::difference;
use crate::files;
use crate::guarantees::{self, ByTitle, is_of_guarantees};

/// What stands in the name of a snapshot of a real run before the name of what was run.
const REAL_RUN: &str = "__real_run__";

/// What a lesson prints and promises, by its snapshots.
#[derive(Debug, Default)]
pub(super) struct Snapshots {
    /// The tidied output of each real run.
    real_runs: BTreeMap<String, String>,
    promises: ByTitle,
}

impl Snapshots {
    /// Reads those of the lesson in the folder `lesson`, which is `crates/NAME` of its workspace.
    ///
    /// # Errors
    /// When one cannot be read.
    pub(super) fn of(lesson: &Path) -> Result<Self> {
        let tests = lesson.join("tests");
        let root = lesson.ancestors().nth(2).unwrap_or(lesson);
        let mut real_runs = BTreeMap::new();
        for path in files::below(&tests).with_context(|| tests.display().to_string())? {
            if let Some(name) = real_run(&path) {
                let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                real_runs.insert(name, body(&text).to_owned());
            }
        }
        Ok(Self { real_runs, promises: guarantees::in_folder(root, &tests)? })
    }

    /// Removes those of the lesson in the folder `lesson`.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub(super) fn remove(lesson: &Path) -> Result<()> {
        let tests = lesson.join("tests");
        let files = files::below(&tests).with_context(|| tests.display().to_string())?;
        let told = |path: &PathBuf| is_of_guarantees(path) || real_run(path).is_some();
        for path in files.into_iter().filter(told) {
            fs::remove_file(&path).with_context(|| path.display().to_string())?;
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.real_runs.is_empty() && self.promises.is_empty()
    }

    /// What has changed from these to `after`, in words. Where not all tests have passed, what is not among `after` is
    /// not gone: a test that failed did not come to it.
    pub(super) fn told(&self, after: &Self, passed: bool, colour: bool) -> String {
        self.output_told(after, passed, colour) + &self.promises_told(after, passed)
    }

    fn output_told(&self, after: &Self, passed: bool, colour: bool) -> String {
        let mut told = String::new();
        for (name, before) in &self.real_runs {
            let Some(after) = after.real_runs.get(name) else {
                let what = if passed { "gone, with its test" } else { NOT_KNOWN };
                let _ = writeln!(told, "The tidied output of {name} is {what}.");
                continue;
            };
            let difference = difference(before, after, colour);
            if !difference.is_empty() {
                let _ = writeln!(told, "The tidied output of {name} has changed:\n{difference}");
            }
        }
        for (name, text) in after.real_runs.iter().filter(|(name, _)| !self.real_runs.contains_key(*name)) {
            let _ = writeln!(told, "The tidied output of {name} is new:\n{}", difference("", text, colour));
        }
        if told.is_empty() { "The tidied output is unchanged.\n".to_owned() } else { told }
    }

    fn promises_told(&self, after: &Self, passed: bool) -> String {
        let is_known = |title: &String| passed || after.promises.contains_key(title);
        let (known, unknown): (ByTitle, ByTitle) =
            self.promises.clone().into_iter().partition(|(title, _)| is_known(title));
        let mut told: String =
            unknown.keys().map(|title| format!("What {title} promises is {NOT_KNOWN}.\n")).collect();
        let changes = guarantees::told(&known, &after.promises);
        if !changes.is_empty() {
            let _ = write!(told, "What it promises has changed:\n{changes}");
        }
        if !told.is_empty() {
            return told;
        }
        let declared = after.promises.values().any(|promises| promises.found.starts_with(DECLARED));
        let remark = if declared { ONLY_HELD } else { "" };
        format!("No promise is lost or gained.{remark}\n")
    }
}

/// How promises begin that are declared by a test.
const DECLARED: &str = "declared;";

/// What is said where nothing has changed, and something might all the same.
const ONLY_HELD: &str = " (Of processes, and of the spider, promises are declared and held: one that an edit adds does not show.)";

/// What is said of that which no test has written.
const NOT_KNOWN: &str = "not known: its test failed first";

/// The name of the real run of which this file is a snapshot.
fn real_run(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.strip_suffix(".snap")?;
    let (_, run) = name.split_once(REAL_RUN)?;
    (!is_of_guarantees(path)).then(|| run.to_owned())
}

/// What cargo printed, apart: what the compiler said, and then what the tests did. `None` when they were not run.
pub(super) fn split_output(output: &str) -> (&str, Option<&str>) {
    let begins = |line: &str| line.starts_with("running ") && line.trim_end().ends_with(['t', 's']);
    let mut place = 0;
    for line in output.split_inclusive('\n') {
        if begins(line) {
            let (by_compiler, by_tests) = output.split_at(place);
            return (by_compiler.trim_start(), Some(failures(by_tests)));
        }
        place += line.len();
    }
    (output.trim_start(), None)
}

/// What tests said that failed, without what was counted before and what cargo says afterwards; all that they said where
/// that is not how it ended.
fn failures(by_tests: &str) -> &str {
    let from = by_tests.find("\nfailures:\n");
    let to = by_tests.rfind("\ntest result: ");
    match (from, to) {
        (Some(from), Some(to)) if from < to => by_tests[from..to].trim_matches('\n'),
        _ => by_tests.trim_matches('\n'),
    }
}

/// Without what the scheduler says of every panic in a test program that has it: it is about schedules that are to be run
/// again, and nobody asked.
pub(super) fn without_the_scheduler(by_tests: &str) -> String {
    let of_the_scheduler = |line: &&str| {
        line.starts_with("Task failed, serializing") || line.starts_with("test panicked in task ")
    };
    by_tests.split_inclusive('\n').filter(|line| !of_the_scheduler(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use course_tests::guarantees::Guarantees;

    const TEA: &str = "2 possible outputs; every schedule was run\n\nalways\n  boil  →  pour\n";

    fn snapshots(output: &str, promises: &str) -> Snapshots {
        Snapshots {
            real_runs: [("tea".to_owned(), output.to_owned())].into(),
            promises: [("kettle, tea".to_owned(), Guarantees::read(promises))].into(),
        }
    }

    #[test]
    fn what_has_not_changed_is_said_to_be_unchanged() {
        let told = snapshots("boil\n", TEA).told(&snapshots("boil\n", TEA), true, false);
        assert_eq!(told, "The tidied output is unchanged.\nNo promise is lost or gained.\n");
    }

    #[test]
    fn a_changed_output_is_told_by_its_lines_and_a_lost_promise_in_a_sentence() {
        let after = snapshots("pour\n", &TEA.replace("boil  →  pour", "boil\n  pour"));
        let told = snapshots("boil\n", TEA).told(&after, true, false);
        let expected = "The tidied output of tea has changed:\n  - boil\n  + pour\n\n\
            What it promises has changed:\nkettle, tea\n  \
            - no longer promises: “boil” always comes before “pour”\n";
        assert_eq!(told, expected);
    }

    #[test]
    fn what_a_failed_test_did_not_come_to_is_said_to_be_unknown_and_not_unchanged_or_gone() {
        let told = snapshots("boil\n", TEA).told(&Snapshots::default(), false, false);
        let expected = "The tidied output of tea is not known: its test failed first.\n\
            What kettle, tea promises is not known: its test failed first.\n";
        assert_eq!(told, expected);
    }

    #[test]
    fn what_no_test_tells_any_more_is_gone() {
        let told = snapshots("boil\n", TEA).told(&Snapshots::default(), true, false);
        assert!(told.starts_with("The tidied output of tea is gone, with its test.\n"), "{told}");
        assert!(told.ends_with("kettle, tea\n  - is gone, with all that it promised\n"), "{told}");
    }

    #[test]
    fn what_is_new_is_told_as_new() {
        let told = Snapshots::default().told(&snapshots("boil\n", TEA), true, false);
        assert!(told.starts_with("The tidied output of tea is new:\n  + boil\n"), "{told}");
        assert!(told.contains("kettle, tea\n  - is new: 2 possible outputs"), "{told}");
    }

    #[test]
    fn a_compiler_s_words_are_told_apart_from_those_of_the_tests() {
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
    fn tests_that_end_in_another_way_are_told_with_all_that_they_said() {
        let killed = "running 1 test\nerror: test failed\n\nCaused by: signal 9\n";
        assert_eq!(split_output(killed).1, Some(killed.trim_end()));
    }

    #[test]
    fn where_promises_are_declared_it_is_said_that_a_gain_does_not_show() {
        let declared = TEA
            .replace("2 possible outputs; every schedule was run", "declared; observed in each of 50 runs");
        let (before, after) = (snapshots("pour\n", &declared), snapshots("pour\n", &declared));
        assert!(before.told(&after, true, false).contains("lost or gained. (Of processes"));
    }

    #[test]
    fn what_the_scheduler_says_of_every_panic_is_left_out() {
        let said =
            "---- t stdout ----\nTask failed, serializing schedule\ntest panicked in task 'NotSet'\n\nwhy\n";
        assert_eq!(without_the_scheduler(said), "---- t stdout ----\n\nwhy\n");
    }

    #[test]
    fn a_snapshot_of_a_real_run_is_known_by_its_name() {
        assert_eq!(real_run(Path::new("a/lesson__real_run__cut-off.snap")).as_deref(), Some("cut-off"));
        for other in ["lesson__real_run__guarantees of process.snap", "lesson__faults__faults.snap"] {
            assert_eq!(real_run(Path::new(other)), None);
        }
    }
}
