//! `cargo xtask review`, in a repository of the test's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use course_tests::TraceSpec;
use course_tests::guarantees::stored::Stored;
use course_tests::guarantees::{Evidence, derive};
use tempfile::TempDir;

use crate::support;

const SNAPSHOTS: &str = "crates/kettle/tests/snapshots";
const NAME: &str = "guarantees__guarantees of tea";

/// A test that hands over what the file `derived.json` contains, as a lesson's tests hand over what they derive.
const TEST: &str = r#"
#[test]
fn guarantees_of_tea() {
    let file = std::env::var_os("GUARANTEES_FILE").unwrap();
    std::fs::write(file, std::fs::read("derived.json").unwrap()).unwrap();
    // As insta does.
    if let Ok(output) = std::fs::read("real_run.txt") {
        let folder = std::env::var("INSTA_PENDING_DIR").unwrap() + "/crates/kettle/tests/snapshots";
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder + "/lesson__real_run__tea.snap.new", output).unwrap();
    }
}
"#;

fn git(folder: &Path, args: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"])
        .args(args)
        .current_dir(folder)
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The guarantees of the kettle, whose possible outputs are these lists of words.
fn kettle(outputs: &[&str]) -> Stored {
    let words = |output: &&str| output.split(' ').map(str::to_owned).collect();
    let outputs = outputs.iter().map(words).collect();
    // The number of outputs is always the same, so that it is not a change.
    let guarantees =
        derive(&outputs, Evidence::every_schedule(Some(2)), &TraceSpec::new().event(".*", "main", ""));
    Stored::new("/crates/kettle", "tea", guarantees)
}

/// A repository with one commit, in which a kettle guarantees that tea boils before it is poured.
struct Repository(TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().expect("a folder"));
        repository.store(&["boil pour"]);
        git(repository.0.path(), &["init", "--quiet", "--template="]);
        repository.commit();
        repository
    }

    /// Adds a workspace whose one lesson has a test that derives the guarantees in `derived.json`.
    fn with_a_lesson(self) -> Self {
        let workspace =
            "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n[profile.dev]\ndebug = false\n";
        self.write("Cargo.toml", workspace);
        let manifest = "[package]\nname = \"kettle\"\nedition = \"2024\"\n[package.metadata.lesson]\norder = 1\n\
                        [lib]\ntest = false\n";
        self.write("crates/kettle/Cargo.toml", manifest);
        self.write("crates/kettle/src/lib.rs", "");
        self.write("crates/kettle/tests/lesson.rs", TEST);
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    /// Stores the guarantees of these outputs.
    fn store(&self, outputs: &[&str]) {
        self.write(&format!("{SNAPSHOTS}/{NAME}.snap"), &kettle(outputs).guarantees.words());
        self.write(
            &format!("{SNAPSHOTS}/{NAME} (data).snap"),
            &format!("---\nsource: x\n---\n{}", kettle(outputs).to_json()),
        );
    }

    /// Lets the test derive the guarantees of these outputs.
    fn derive(&self, outputs: &[&str]) {
        let json = serde_json::to_string(&kettle(outputs)).expect("guarantees are JSON");
        self.write("crates/kettle/derived.json", &json);
    }

    fn commit(&self) {
        git(self.0.path(), &["add", "."]);
        git(self.0.path(), &["commit", "--quiet", "-m", "tea"]);
    }

    fn review(&self, args: &[&str]) -> Output {
        self.xtask("review", args)
    }

    fn xtask(&self, command: &str, args: &[&str]) -> Output {
        support::xtask()
            .arg(command)
            .args(args)
            .current_dir(self.0.path())
            .env("CARGO_TARGET_DIR", self.path("target"))
            .output()
            .expect("it runs")
    }

    /// What a successful review of the stored guarantees prints.
    fn stored_changes(&self) -> String {
        printed(&self.review(&["--stored"]))
    }
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The one line of an error.
fn error(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), error.lines().count()), (Some(1), 1), "{error}");
    error
}

const LOST: &str = "kettle, tea\n  - guarantee lost: “boil” always comes before “pour”\n";

#[test]
fn a_lost_guarantee_is_listed_with_its_lesson_and_scenario() {
    let repository = Repository::new();
    repository.store(&["boil pour", "pour boil"]);
    assert_eq!(repository.stored_changes(), LOST);
}

#[test]
fn a_review_derives_the_guarantees_of_a_lesson_whose_tests_were_not_run() {
    let repository = Repository::new().with_a_lesson();
    repository.derive(&["boil pour", "pour boil"]);
    assert_eq!(repository.stored_changes(), "No guarantee was lost or gained since HEAD.\n");
    assert_eq!(printed(&repository.review(&[])), LOST);
}

#[test]
fn an_output_that_has_changed_is_reported_though_its_snapshot_is_not_accepted() {
    let repository = Repository::new().with_a_lesson();
    repository.write("crates/kettle/tests/snapshots/lesson__real_run__tea.snap", "tea\n");
    repository.commit();
    repository.derive(&["boil pour"]);
    repository.write("crates/kettle/real_run.txt", "coffee\n");
    let changes = printed(&repository.review(&[]));
    assert!(changes.contains("  - tea\n  + coffee\n"), "{changes}");
    assert!(changes.ends_with("No guarantee was lost or gained since HEAD, but see above.\n"), "{changes}");
}

#[test]
fn the_guarantees_of_a_failed_test_are_unknown() {
    let repository = Repository::new().with_a_lesson();
    // There is no derived.json.
    let output = repository.review(&[]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "The guarantees of kettle, tea are unknown: a test failed, see above.\n\
                    What real runs print is unknown where their test failed.\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    assert!(String::from_utf8_lossy(&output.stderr).contains("guarantees_of_tea"));
}

#[test]
fn adding_an_optional_line_loses_no_guarantee_and_removing_it_gains_none() {
    let repository = Repository::new();
    repository.store(&["boil pour", "stir boil pour"]);
    assert_eq!(repository.stored_changes(), "kettle, tea\n  - line added: “stir” (may be missing)\n");
    repository.commit();
    repository.store(&["boil pour"]);
    assert_eq!(repository.stored_changes(), "kettle, tea\n  - line removed: “stir”\n");
}

#[test]
fn a_review_without_changes_reports_that_there_are_none() {
    assert_eq!(Repository::new().stored_changes(), "No guarantee was lost or gained since HEAD.\n");
}

#[test]
fn a_moved_snapshot_is_not_a_change() {
    let repository = Repository::new();
    let moved = repository.path("crates/kettle/tests/lesson/snapshots");
    fs::create_dir_all(moved.parent().expect("a folder")).expect("it can be made");
    fs::rename(repository.path(SNAPSHOTS), moved).expect("it can be moved");
    assert_eq!(repository.stored_changes(), "No guarantee was lost or gained since HEAD.\n");
}

#[test]
fn two_snapshots_of_the_same_scenario_are_an_error() {
    let repository = Repository::new();
    let second = format!("{SNAPSHOTS}/real_run__guarantees of tea (data).snap");
    repository.write(&second, &kettle(&["boil"]).to_json());
    let error = error(&repository.review(&["--stored"]));
    assert!(error.contains("the guarantees of kettle, tea are stored twice"), "{error}");
}

#[test]
fn a_removed_snapshot_is_reported() {
    let repository = Repository::new();
    fs::remove_file(repository.path(&format!("{SNAPSHOTS}/{NAME} (data).snap"))).expect("it exists");
    let expected = "kettle, tea\n  - scenario removed, with all its guarantees\n";
    assert_eq!(repository.stored_changes(), expected);
}

#[test]
fn a_snapshot_that_is_cut_off_is_an_error_and_one_that_was_saved_with_crlf_is_not() {
    let repository = Repository::new();
    for name in [format!("{SNAPSHOTS}/{NAME} (data).snap"), format!("{SNAPSHOTS}/{NAME}.snap")] {
        let text = fs::read_to_string(repository.path(&name)).expect("it is there");
        repository.write(&name, &text.replace('\n', "\r\n"));
        assert_eq!(repository.stored_changes(), "No guarantee was lost or gained since HEAD.\n");
        repository.write(&name, &text[..text.len() / 2]);
        let error = error(&repository.review(&["--stored"]));
        assert!(error.contains(&name), "{error}");
        repository.write(&name, &text);
    }
}

#[test]
fn a_changed_output_and_a_weaker_rule_are_reported_though_no_guarantee_is_lost() {
    let repository = Repository::new();
    let output = "crates/kettle/tests/snapshots/lesson__real_run__tea.snap";
    let rules = "crates/kettle/tests/lesson/actors.toml";
    let trace = "[[trace]]\nscenarios = ['tea']\nevents = [{ line = '.*', actor = 'cook'DEPENDS }]\n";
    repository.write(output, "cook | boils in process <pid 2>\n");
    repository.write(rules, &trace.replace("DEPENDS", ", depends = '*'"));
    repository.write("other.snap", "a");
    repository.commit();
    repository.write(output, "cook | boils in process <pid 1>\n");
    repository.write(rules, &trace.replace("DEPENDS", ""));
    repository.write("other.snap", "b");
    let changes = repository.stored_changes();
    for part in [
        "The output of kettle, tea has changed (lines grouped by actor, not in the order of printing):\n  \
         - cook | boils in process <pid 2>\n  + cook | boils in process <pid 1>\n",
        "The rules in crates/kettle/tests/lesson/actors.toml have changed. The test declares less: ",
        "\nChanged, and not compared here: other.snap\nNo guarantee was lost or gained since HEAD, but see above.\n",
    ] {
        assert!(changes.contains(part), "{part}\nis missing:\n{changes}");
    }
}

#[test]
fn rules_that_are_new_or_gone_are_reported_and_so_is_a_snapshot_that_git_does_not_track() {
    let repository = Repository::new();
    let rules = "crates/kettle/tests/lesson/actors.toml";
    repository.write(rules, "[[trace]]\nscenarios = ['tea']\nevents = [{ line = '.*', actor = 'cook' }]\n");
    repository.write("untracked.snap", "a");
    let new = repository.stored_changes();
    repository.commit();
    fs::remove_file(repository.path(rules)).expect("it exists");
    let gone = repository.stored_changes();
    assert!(new.contains(&format!("The rules in {rules} are new.\n  + [[trace]]\n")), "{new}");
    assert!(new.contains("\nChanged, and not compared here: untracked.snap\n"), "{new}");
    let expected = format!("The rules in {rules} are gone: the test declares nothing.\n  - [[trace]]\n");
    assert!(gone.contains(&expected), "{gone}");
    assert!(!gone.contains("untracked.snap"), "{gone}");
}

#[test]
fn files_outside_of_the_lessons_are_not_compared() {
    let repository = Repository::new();
    repository.write("template/tests/lesson/actors.toml", "[[trace]]\n");
    for name in ["guarantees (data)", "guarantees", "real_run__tea"] {
        repository.write(&format!("template/tests/lesson__{name}.snap"), "a");
    }
    repository.commit();
    assert_eq!(repository.stored_changes(), "No guarantee was lost or gained since HEAD.\n");
    repository.write("template/tests/lesson__guarantees (data).snap", "b");
    let changed = repository.stored_changes();
    assert!(
        changed.starts_with(
            "Changed, and not compared here: template/tests/lesson__guarantees (data).snap\nNo guarantee "
        ),
        "{changed}"
    );
}

#[test]
fn an_unknown_revision_is_an_error_in_one_line() {
    for revision in ["no-such-revision", "HEAD:crates"] {
        let error = error(&Repository::new().review(&["--stored", revision]));
        assert!(error.starts_with(&format!("error: unknown revision `{revision}`")), "{error}");
    }
}

#[test]
fn a_revision_is_never_an_option_of_git() {
    let repository = Repository::new();
    let error = error(&repository.review(&["--stored", "--", "--git-path=stolen"]));
    assert!(error.starts_with("error: unknown revision `--git-path=stolen`"), "{error}");
}

#[test]
fn a_revision_that_stores_guarantees_only_as_text_is_an_error() {
    let repository = Repository::new();
    fs::remove_file(repository.path(&format!("{SNAPSHOTS}/{NAME} (data).snap"))).expect("it exists");
    repository.commit();
    let error = error(&repository.review(&["--stored"]));
    assert!(error.contains("HEAD stores its guarantees only as text; choose a later revision"), "{error}");
}

#[test]
fn a_revision_without_any_snapshot_is_reported_and_every_scenario_is_new() {
    let repository = Repository::new();
    fs::remove_dir_all(repository.path("crates")).expect("it exists");
    repository.write("README.md", "tea");
    repository.commit();
    repository.store(&["boil pour"]);
    let output = repository.review(&["--stored"]);
    assert!(printed(&output).starts_with("kettle, tea\n  - new scenario"), "{output:?}");
    let note = "note: HEAD stores no guarantees, so every scenario is new\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), note);

    repository.commit();
    let output = repository.review(&["--stored", "HEAD~1"]);
    let note = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(note.starts_with("note: HEAD~1 stores no guarantees, so every scenario is new; "), "{note}");
    assert!(note.ends_with(" is the first that stores them\n"), "{note}");
}

#[test]
fn orders_prints_guarantees_only_to_standard_output_and_that_they_are_out_of_date_to_standard_error() {
    let repository = Repository::new().with_a_lesson();
    repository.derive(&["pour boil"]);
    let output = repository.xtask("orders", &[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let orders = String::from_utf8_lossy(&output.stdout);
    assert!(orders.starts_with("==> kettle, tea <==\n") && !orders.contains("out of date"), "{orders}");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("The stored guarantees are out of date: run `cargo test`"), "{error}");
}
