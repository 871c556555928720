//! `cargo xtask new`, in a copy of this workspace.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use xtask::files;

use crate::support::{self, Fifo, cargo, write_script};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The files that change with the list of lessons: cargo and `cargo xtask readme` write them.
const LISTS: [&str; 3] = ["Cargo.lock", "README.md", "docs/SUMMARY.md"];

/// A copy of the workspace, in which the lessons, the tests and xtask are symbolic links: the command does not write to
/// them.
struct Copy(TempDir);

impl Copy {
    fn new() -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        fs::create_dir(copy.path("crates")).unwrap();
        for lesson in entries(&Path::new(ROOT).join("crates")) {
            symlink(fs::canonicalize(&lesson).unwrap(), copy.path("crates").join(name(&lesson))).unwrap();
        }
        for folder in ["tests", "xtask"] {
            symlink(fs::canonicalize(Path::new(ROOT).join(folder)).unwrap(), copy.path(folder)).unwrap();
        }
        for entry in entries(Path::new(ROOT)) {
            let to = copy.path(name(&entry));
            if name(&entry) == "docs" {
                copy_all(&entry, &to);
            } else if entry.is_file() && !name(&entry).starts_with('.') {
                fs::copy(&entry, to).unwrap();
            }
        }
        copy
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    fn lists(&self) -> [String; 3] {
        LISTS.map(|file| self.read(file))
    }

    fn run(&self, program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Output {
        Command::new(program).args(args).current_dir(self.0.path()).output().unwrap()
    }

    fn xtask(&self, args: &[&str]) -> Output {
        support::xtask().args(args).current_dir(self.0.path()).output().unwrap()
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

fn copy_all(from: &Path, to: &Path) {
    for file in files::below(from).unwrap() {
        files::write(&to.join(file.strip_prefix(from).unwrap()), &fs::read(&file).unwrap()).unwrap();
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_new_lesson_is_complete_and_the_last_in_all_lists() {
    let copy = Copy::new();
    let (members, record) = (copy.read("Cargo.toml"), copy.read("docs/measured.json"));
    let output = copy.xtask(&["new", "kettle", "--about", "a thread boils water"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("Created the lesson kettle in crates/kettle."), "{output:?}");

    for file in LISTS {
        assert!(copy.read(file).contains("kettle"), "{file} does not contain the lesson");
    }
    assert!(copy.read("Cargo.toml") == members && copy.read("docs/measured.json") == record);
    let listed = copy.xtask(&["list"]);
    assert!(text(&listed.stdout).ends_with("\nkettle           a thread boils water\n"), "{listed:?}");
    let locked = copy.run(cargo(), &["metadata", "--locked", "--offline", "--format-version=1"]);
    assert!(locked.status.success(), "{}", text(&locked.stderr));
    let pages = copy.xtask(&["readme", "--check"]);
    assert!(pages.status.success(), "{}", text(&pages.stdout));

    let files = files::below(&copy.path("crates/kettle")).unwrap();
    for file in &files {
        assert!(!fs::read_to_string(file).unwrap().contains("THE_"), "{}", file.display());
    }
    let like = files::below(&Path::new(ROOT).join("crates/thread-subclass/tests/lesson")).unwrap();
    let of_tests =
        files.iter().filter(|file| file.starts_with(copy.path("crates/kettle/tests/lesson"))).count();
    assert_eq!(of_tests, like.len(), "its tests are those of the smallest lesson");
}

#[test]
fn its_page_has_the_headings_that_the_tests_of_the_course_require() {
    let template = include_str!("../../src/new/template/README.md");
    let tests = include_str!("../../../tests/course/lessons.rs");
    let (_, list) =
        tests.split_once("const HEADINGS: ").expect("tests/course/lessons.rs lists the headings of a page");
    let (list, _) = list.split_once("];").expect("the list has an end");
    let required: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    let headings: Vec<&str> = template.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(headings, required);
}

#[test]
fn an_invalid_name_or_description_is_an_invalid_argument() {
    let copy = Copy::new();
    let before = copy.lists();
    for (args, why) in [
        (
            &["new", "Kettle"][..],
            "invalid value 'Kettle' for '<NAME>': use lowercase words joined by hyphens",
        ),
        (
            &["new", "kettle", "--about", "a | b"],
            "invalid value 'a | b' for '--about <LINE>': it must not contain",
        ),
    ] {
        let output = copy.xtask(args);
        let error = text(&output.stderr);
        assert!(error.starts_with(&format!("error: {why}")), "{error}");
        assert_eq!(output.status.code(), Some(2));
    }
    assert!(copy.lists() == before && !copy.path("crates/kettle").exists());
}

#[test]
fn a_name_that_is_taken_or_that_cargo_rejects_is_an_error_and_nothing_changes() {
    let copy = Copy::new();
    let before = copy.lists();
    for (name, why) in [
        ("daemon", "there is already a package named daemon; choose another name"),
        ("serde", "there is already a package named serde; choose another name"),
        ("match", "`cargo new` failed: error: invalid package name `match`: it is a Rust keyword\n"),
    ] {
        let output = copy.xtask(&["new", name]);
        let error = text(&output.stderr);
        assert!(error.starts_with(&format!("error: {why}")), "{error}");
        assert_eq!(output.status.code(), Some(1));
    }
    assert!(copy.lists() == before && !copy.path("crates/match").exists());
}

#[test]
fn nothing_changes_if_cargo_rejects_the_workspace() {
    let copy = Copy::new();
    let lock = copy.read("Cargo.lock") + "[[package]]\nname = \"half an entry\n";
    fs::write(copy.path("Cargo.lock"), lock).unwrap();
    let before = copy.lists();
    let output = copy.xtask(&["new", "kettle"]);
    let error = text(&output.stderr);
    assert!(error.starts_with("error: `cargo metadata` failed: error: "), "{error}");
    assert_eq!(output.status.code(), Some(1));
    assert!(copy.lists() == before && !copy.path("crates/kettle").exists());
}

#[test]
fn nothing_changes_if_a_page_cannot_be_updated() {
    let copy = Copy::new();
    // The pages are updated in the order of their paths: README.md and docs/SUMMARY.md before this one.
    fs::write(copy.path("docs/zebra.md"), "\n<!-- include: missing.rs -->\n<!-- end -->\n").unwrap();
    let before = copy.lists();
    let output = copy.xtask(&["new", "kettle"]);
    assert!(text(&output.stderr).contains("zebra.md: missing.rs: cannot read the file"), "{output:?}");
    assert_eq!(output.status.code(), Some(1));
    assert!(copy.lists() == before && !copy.path("crates/kettle").exists());
}

#[test]
fn ctrl_c_undoes_everything() {
    for command in ["new", "metadata"] {
        let (copy, fifo) = (Copy::new(), Fifo::new());
        let before = copy.lists();
        // `--no-deps` is in the call that lists the lessons, before anything changes.
        let script = format!(
            "\"$REAL\" \"$@\" || exit\ncase \"$*\" in *--no-deps*) exit;; \
             {command}*) exec 3>\"$UP\"; echo >&3; sleep 60;; esac"
        );
        let cargo_that_waits = write_script(copy.0.path(), "cargo", &script);
        let mut new = support::xtask();
        new.args(["new", "kettle"]).current_dir(copy.0.path());
        new.env("CARGO", cargo_that_waits).env("REAL", cargo()).env("UP", fifo.path());
        let child = new.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        fifo.wait_until_up();
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        let output = child.wait_with_output().unwrap();
        fifo.wait_until_gone();
        assert_eq!(output.status.code(), Some(130), "{output:?}");
        assert!(copy.lists() == before && !copy.path("crates/kettle").exists(), "after `cargo {command}`");
    }
}

#[test]
fn if_the_folder_cannot_be_removed_both_errors_are_printed() {
    let copy = Copy::new();
    // A file is not a folder that can be removed.
    let script =
        "case \"$1\" in new) echo >crates/kettle; echo no cake; exit 1;; *) exec \"$REAL\" \"$@\";; esac";
    let cargo_that_fails = write_script(copy.0.path(), "cargo", script);
    let mut new = support::xtask();
    new.args(["new", "kettle"]).current_dir(copy.0.path());
    let output = new.env("CARGO", cargo_that_fails).env("REAL", cargo()).output().unwrap();
    let error = text(&output.stderr);
    assert!(error.starts_with("error: `cargo new` failed: no cake; "), "{error}");
    assert!(error.contains("cannot remove "), "{error}");
    assert_eq!(output.status.code(), Some(1));
}
