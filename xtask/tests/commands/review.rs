//! `cargo xtask review`, in a repository of the test's own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const SNAPSHOT: &str = "crates/kettle/tests/snapshots/orders__guarantees of tea.snap";
const BEFORE: &str = "2 possible outputs; every schedule was run\n\nalways\n  boil  →  pour\n";

fn git(folder: &Path, args: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"])
        .args(args)
        .current_dir(folder)
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A repository with one commit, in which a kettle promises that tea boils before it is poured.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = folder.path().join(SNAPSHOT);
    fs::create_dir_all(snapshot.parent().expect("a folder")).expect("it can be made");
    fs::write(snapshot, BEFORE).expect("it can be written");
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "-m", "tea"]);
    folder
}

fn review(folder: &TempDir, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("review")
        .args(args)
        .current_dir(folder)
        .output()
        .expect("it runs")
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_lost_promise_is_told_with_its_lesson_and_scenario() {
    let folder = repository();
    fs::write(folder.path().join(SNAPSHOT), BEFORE.replace("boil  →  pour", "boil\n  pour"))
        .expect("it can be written");
    let expected = "kettle, tea\n  - no longer promises: “boil” always comes before “pour”\n";
    assert_eq!(printed(&review(&folder, &[])), expected);
}

#[test]
fn a_new_line_that_may_be_missing_loses_no_promise_and_one_that_goes_gains_none() {
    let folder = repository();
    let optional = format!("{BEFORE}  stir\n\nmay be missing\n  stir (it is there in 1 of 2 outputs)\n");
    fs::write(folder.path().join(SNAPSHOT), optional).expect("it can be written");
    assert_eq!(printed(&review(&folder, &[])), "kettle, tea\n  - may print a new line “stir”\n");
    git(folder.path(), &["commit", "--all", "--quiet", "-m", "stir"]);
    fs::write(folder.path().join(SNAPSHOT), BEFORE).expect("it can be written");
    assert_eq!(printed(&review(&folder, &[])), "kettle, tea\n  - no longer prints “stir”\n");
}

#[test]
fn without_a_change_it_says_so() {
    let told = printed(&review(&repository(), &[]));
    assert_eq!(told, "No lesson has lost or gained a promise since HEAD.\n");
}

#[test]
fn a_moved_snapshot_promises_what_it_did() {
    let folder = repository();
    let moved = folder.path().join("crates/kettle/tests/lesson/snapshots");
    fs::create_dir_all(&moved).expect("it can be made");
    fs::rename(folder.path().join(SNAPSHOT), moved.join("lesson__orders__guarantees of tea.snap"))
        .expect("it can be moved");
    assert_eq!(printed(&review(&folder, &[])), "No lesson has lost or gained a promise since HEAD.\n");
}

#[test]
fn two_snapshots_of_the_same_promises_are_an_error() {
    let folder = repository();
    let twin = folder.path().join(SNAPSHOT.replace("orders__", "real_run__"));
    fs::write(twin, BEFORE).expect("it can be written");
    let output = review(&folder, &[]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("there is another snapshot of what kettle, tea promises"), "{error}");
}

#[test]
fn a_removed_snapshot_is_told() {
    let folder = repository();
    fs::remove_file(folder.path().join(SNAPSHOT)).expect("it is there");
    assert_eq!(printed(&review(&folder, &[])), "kettle, tea\n  - is gone, with all that it promised\n");
}

#[test]
fn a_revision_that_git_does_not_know_is_an_error_in_one_line() {
    let output = review(&repository(), &["no-such-revision"]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(error.starts_with("error: git ls-tree: ") && error.contains("no-such-revision"), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}
