//! `cargo xtask new`, in a copy of this workspace: its lists of lessons are real.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The files of this workspace that name the lessons.
const LISTS: [&str; 7] = [
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "docs/SUMMARY.md",
    "docs/measured.json",
    "tests/course/lessons.rs",
    "tests/course/snapshots/course__lessons__list.snap",
];

/// A copy of the workspace. Its lessons and its commands, which nothing is written to, are those of the workspace itself.
struct Copy(TempDir);

impl Copy {
    fn new() -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        fs::create_dir(copy.path("crates")).unwrap();
        for lesson in entries(&Path::new(ROOT).join("crates")) {
            symlink(fs::canonicalize(&lesson).unwrap(), copy.path("crates").join(name(&lesson))).unwrap();
        }
        symlink(fs::canonicalize(Path::new(ROOT).join("xtask")).unwrap(), copy.path("xtask")).unwrap();
        for entry in entries(Path::new(ROOT)) {
            let is_read = entry.is_file() && !name(&entry).starts_with('.');
            if is_read || ["docs", "tests"].contains(&name(&entry)) {
                copy_all(&entry, &copy.path(name(&entry)));
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

    fn lists(&self) -> [String; 7] {
        LISTS.map(|file| self.read(file))
    }

    fn run(&self, program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Output {
        Command::new(program).args(args).current_dir(self.0.path()).output().unwrap()
    }

    fn xtask(&self, args: &[&str]) -> Output {
        self.run(env!("CARGO_BIN_EXE_xtask"), args)
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

fn copy_all(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir(to).unwrap();
        for entry in entries(from) {
            copy_all(&entry, &to.join(name(&entry)));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_new_lesson_is_whole_and_named_wherever_lessons_are() {
    let copy = Copy::new();
    let output = copy.xtask(&["new", "kettle", "--about", "somebody waits for tea"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("The lesson kettle is in crates/kettle,"), "{output:?}");

    for file in LISTS {
        assert!(copy.read(file).contains("kettle"), "{file} does not name it");
    }
    // The lock file too is as cargo wants it: the last lesson, with its description.
    let listed = copy.xtask(&["list"]);
    assert!(text(&listed.stdout).ends_with("\nkettle           somebody waits for tea\n"), "{listed:?}");
    let list = copy.read("tests/course/snapshots/course__lessons__list.snap");
    assert!(list.ends_with(text(&listed.stdout)), "{list}");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let locked = copy.run(cargo, &["metadata", "--locked", "--offline", "--format-version=1"]);
    assert!(locked.status.success(), "{}", text(&locked.stderr));

    let files = files_below(&copy.path("crates/kettle"));
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        assert!(!text.contains("THE_LESSON") && !text.contains("THE_DESCRIPTION"), "{}", file.display());
    }
    let like = files_below(&Path::new(ROOT).join("crates/thread-subclass/tests/lesson"));
    let of_tests = files.iter().filter(|file| file.starts_with(copy.path("crates/kettle/tests"))).count();
    assert_eq!(of_tests, like.len(), "its tests are those of the smallest lesson");
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    entries(folder)
        .into_iter()
        .flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] })
        .collect()
}

#[test]
fn its_readme_says_the_parts_that_the_tests_of_the_course_ask_for() {
    let template = include_str!("../../src/new/template/README.md");
    let tests = include_str!("../../../tests/course/lessons.rs");
    let (_, parts) =
        tests.split_once("let parts = [").expect("tests/course/lessons.rs lists the parts of a README");
    let (parts, _) = parts.split_once("];").unwrap();
    let places: Vec<_> = parts
        .split('"')
        .skip(1)
        .step_by(2)
        .map(|part| template.find(part).unwrap_or_else(|| panic!("the template's README lacks {part:?}")))
        .collect();
    assert!(places.len() >= 6 && places.is_sorted(), "{places:?}");
}

#[test]
fn a_name_or_a_description_that_is_refused_is_a_wrong_argument_and_nothing_changes() {
    let copy = Copy::new();
    let before = copy.lists();
    for (args, why) in [
        (
            &["new", "daemon"][..],
            "a lesson cannot be called `daemon`: a lesson or another package has it already",
        ),
        (&["new", "kettle", "--about", "a | b"], "a lesson cannot be about `a | b`: it must do without"),
    ] {
        let output = copy.xtask(args);
        let told = text(&output.stderr);
        assert!(told.starts_with(&format!("error: {why}")) && told.lines().count() == 1, "{told}");
        assert_eq!(output.status.code(), Some(2));
    }
    assert!(copy.lists() == before && !copy.path("crates/kettle").exists());
}

#[test]
fn where_a_list_is_not_found_it_says_which_and_nothing_changes() {
    let copy = Copy::new();
    let list = copy.path("tests/course/lessons.rs");
    fs::write(&list, copy.read("tests/course/lessons.rs").replace("const LESSONS", "const COURSES")).unwrap();
    let before = copy.lists();
    let output = copy.xtask(&["new", "kettle"]);
    assert_eq!(
        text(&output.stderr),
        "error: tests/course/lessons.rs does not name the lessons as it did; mend PLACES in xtask/src/new.rs\n"
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(copy.lists() == before && !copy.path("crates/kettle").exists());
}

#[test]
fn where_cargo_does_not_accept_the_lesson_nothing_changes() {
    let copy = Copy::new();
    let lock = copy.read("Cargo.lock") + "[[package]]\nname = \"half an entry\n";
    fs::write(copy.path("Cargo.lock"), lock).unwrap();
    let before = copy.lists();
    let output = copy.xtask(&["new", "kettle"]);
    let told = text(&output.stderr);
    assert!(told.starts_with("error: cargo does not accept the workspace with it: error: "), "{told}");
    assert_eq!(output.status.code(), Some(1));
    assert!(copy.lists() == before && !copy.path("crates/kettle").exists());
}
