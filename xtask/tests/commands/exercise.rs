//! `cargo xtask exercise`, on a course made for the test.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;
use xtask::lessons;
use xtask::scene::{LIBRARIES_VAR, Libraries};
use xtask::supervisor::Supervisor;

use crate::support::{self, Lines};

/// The libraries of the workspace: the course of a test has none.
static LIBRARIES: LazyLock<String> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace");
    let course = lessons::course_in(root).expect("the workspace can be read");
    let libraries = Libraries::build(&course, &Supervisor::default()).expect("they can be built");
    serde_json::to_string(libraries.paths()).expect("paths can be written")
});

const MANIFEST: &str = "[package]\nname = \"kettle\"\nedition = \"2024\"\npublish = false\n";

const EXERCISES: &str = r#"
[[exercise]]
name = "two_cups"
hint = "One thread reads what the other is about to write. `fetch_add` does both."
outputs = [["2 cups"]]
actors = 3
wrong_fix = []

[[exercise]]
name = "cold_tea"
hint = "Join it."
outputs = [["tea"]]
actors = 2
error = "E0308"
wrong_fix = []
"#;

/// As given: both threads can read 0.
const TWO_CUPS: &str = r#"//! # Two cups
//!
//! It should count both cups.
//!
//! Page: ../README.md#cups

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

pub(crate) fn main() {
    let cups = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let count = cups.load(SeqCst);
                cups.store(count + 1, SeqCst);
            });
        }
    });
    println!("{} cups", cups.load(SeqCst));
}
"#;

/// Both lines of the mistake, and what is right.
const MISTAKE: &str =
    "                let count = cups.load(SeqCst);\n                cups.store(count + 1, SeqCst);\n";
const SOLUTION: &str = "                cups.fetch_add(1, SeqCst);\n";

const COLD_TEA: &str = "//! # Cold tea\n\npub(crate) fn main() {\n    let _: usize = \"tea\";\n}\n";

struct Course {
    folder: TempDir,
}

impl Course {
    /// Creates a course with one lesson, kettle, which has two exercises.
    fn new() -> Self {
        let course = Self { folder: tempfile::tempdir().unwrap() };
        for (file, text) in [
            ("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"crates/kettle\"]\n"),
            ("crates/kettle/Cargo.toml", MANIFEST),
            ("crates/kettle/src/main.rs", "fn main() {}\n"),
            ("crates/kettle/exercises/exercises.toml", EXERCISES),
            ("crates/kettle/exercises/two_cups.rs", TWO_CUPS),
            ("crates/kettle/exercises/cold_tea.rs", COLD_TEA),
            ("crates/kettle/exercises/solutions/two_cups.rs", &solved()),
        ] {
            let path = course.path(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        course
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Writes the learner's copy of an exercise.
    fn edit(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.copy(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn copy(&self, name: &str) -> PathBuf {
        self.path(&format!("scratch/exercises/kettle/{name}.rs"))
    }

    fn progress(&self) -> Value {
        let text = fs::read_to_string(self.path("scratch/exercises/progress.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn exercise(&self, args: &str) -> Command {
        let mut command = support::xtask();
        command.arg("exercise").args(args.split_whitespace()).current_dir(self.folder.path());
        command.env(LIBRARIES_VAR, &*LIBRARIES).env("CARGO_TARGET_DIR", self.path("target"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, args: &str) -> Output {
        self.exercise(args).output().unwrap()
    }

    /// Runs it, and returns what it prints, and its exit status.
    fn printed(&self, args: &str) -> (String, Option<i32>) {
        let output = self.run(args);
        assert_eq!(text(&output.stderr), "");
        (text(&output.stdout), output.status.code())
    }
}

fn solved() -> String {
    assert!(TWO_CUPS.contains(MISTAKE));
    TWO_CUPS.replace(MISTAKE, SOLUTION)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn lines_of(child: &mut Child) -> Lines {
    Lines::of(child.stdout.take().unwrap())
}

#[test]
fn an_exercise_is_judged_at_each_save_until_every_schedule_is_right() {
    let course = Course::new();
    let mut child = course.exercise("").spawn().unwrap();
    let printed = lines_of(&mut child);
    let first = printed.until_the_next_save();
    assert!(
        first.starts_with("==> kettle: two_cups (exercise 1 of 2) <==\nTwo cups\n\nIt should count"),
        "{first}"
    );
    assert!(first.contains("\nPage: crates/kettle/README.md#cups\n"), "{first}");
    assert!(first.contains("\nYour copy: scratch/exercises/kettle/two_cups.rs\n"), "{first}");
    let why = "\nNot passed: the program can print what is not permitted:\n\n  1 cups\n\nPermitted (a slash separates \
               lines):\n  2 cups\n\nIt goes wrong in 2 of 4 schedules.\n\nThe steps of \
               scratch/exercises/kettle/two_cups.rs, from top to bottom:\n";
    assert!(first.contains(why), "{first}");
    assert!(first.contains("│ reads the atomic"), "{first}");
    assert!(first.contains("\nTo play it: cargo xtask play kettle two_cups --choices '"), "{first}");

    let pause = "                thread::sleep(std::time::Duration::from_secs(1));\n";
    course.edit("two_cups", TWO_CUPS.replace(MISTAKE, &format!("{pause}{MISTAKE}")));
    let slept = printed.until_the_next_save();
    assert!(
        slept.contains("\nYou have added a `sleep` or a `yield_now`. It makes a schedule rarer"),
        "{slept}"
    );

    course.edit("two_cups", solved());
    let passed = printed.to_the_end();
    assert!(
        passed.contains("\nPassed: every schedule was run (2, up to the order of independent steps)"),
        "{passed}"
    );
    assert!(
        passed.ends_with("1 of 2 done\nThe next exercise, cold_tea: cargo xtask exercise --next\n"),
        "{passed}"
    );
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let two_cups = &course.progress()["exercises"]["two_cups"];
    assert_eq!((&two_cups["tries"], &two_cups["done"]), (&2.into(), &true.into()));

    course.edit("two_cups", TWO_CUPS);
    assert_eq!(course.printed("two_cups --once").1, Some(1));
    let list = "kettle\n  done         two_cups  Two cups\n  open         cold_tea  Cold tea\n\n\
                [##########..........] 1 of 2 done\n";
    assert_eq!(course.printed("--list"), (list.to_owned(), Some(0)));
}

#[test]
fn a_change_that_makes_the_mistake_rarer_is_not_a_solution() {
    let course = Course::new();
    let looks_again = "let count = cups.load(SeqCst);
                if cups.load(SeqCst) == count { cups.store(count + 1, SeqCst) } else { cups.fetch_add(1, SeqCst); }\n";
    course.edit("two_cups", TWO_CUPS.replace(MISTAKE, looks_again));
    let (printed, status) = course.printed("two_cups --once");
    assert!(printed.contains("\nThat is a smaller part than in the file as given"), "{printed}");
    assert_eq!(status, Some(1));
}

#[test]
fn a_file_that_cannot_be_judged_is_described_and_the_command_goes_on() {
    let course = Course::new();
    let judged = |edited: &[u8]| {
        course.edit("two_cups", edited);
        let (printed, status) = course.printed("two_cups --once");
        assert_eq!(status, Some(1), "{printed}");
        printed.split_once("two_cups.rs\n\n").expect("its path and its verdict").1.to_owned()
    };
    let (empty, not_text) = (judged(b""), judged(b"//\xff"));
    assert!(empty.starts_with("error[E0601]: `main` function not found in crate"), "{empty}");
    assert!(empty.ends_with("\nNot passed: it does not compile.\n"), "{empty}");
    assert!(not_text.contains("stream did not contain valid UTF-8\n"), "{not_text}");
    let private = judged(TWO_CUPS.replace("pub(crate) ", "").as_bytes());
    assert!(private.contains("write `pub(crate) fn main`.\n"), "{private}");
    let unsupported = judged(b"pub(crate) fn main() {\n    std::process::abort();\n}\n");
    assert!(unsupported.starts_with("This compiles as a program of its own."), "{unsupported}");
    let too_deep = judged(b"pub(crate) fn main() {\n    fn f(n: u8) -> u8 { f(n) + 1 }\n    f(0);\n}\n");
    assert!(too_deep.contains(": the program ended without an answer (signal: "), "{too_deep}");
    let crlf = solved().replace('\n', "\r\n");
    course.edit("two_cups", crlf);
    assert_eq!(course.printed("two_cups --once").1, Some(0));
}

#[test]
fn a_copy_that_is_removed_is_missed_and_ctrl_c_leaves_nothing_behind() {
    let course = Course::new();
    let mut child = course.exercise("cold_tea").spawn().unwrap();
    let printed = lines_of(&mut child);
    let first = printed.until_the_next_save();
    assert!(
        first.contains("\nerror[E0308]: mismatched types\n --> scratch/exercises/kettle/cold_tea.rs:4:20\n"),
        "{first}"
    );
    fs::remove_file(course.copy("cold_tea")).unwrap();
    let removed = printed.until_the_next_save();
    assert!(removed.contains("`cargo xtask exercise --reset cold_tea` makes a new one."), "{removed}");
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(
        fs::read_dir(course.path("target")).unwrap().count(),
        0,
        "the folder of the programs is removed"
    );
}

#[test]
fn a_hint_is_shown_at_once_and_the_solution_after_a_try() {
    let course = Course::new();
    let (hint, status) = course.printed("--hint");
    assert_eq!((hint.split_once(": ").unwrap().0, status), ("two_cups", Some(0)));
    let (refused, status) = course.printed("two_cups --solution");
    assert!(refused.starts_with("Try first: change scratch/exercises/kettle/two_cups.rs"), "{refused}");
    assert_eq!(status, Some(1));
    course.edit("two_cups", TWO_CUPS.replace("\"{} cups\"", "\"{} of {} cups\""));
    course.printed("two_cups --once");
    let (solution, status) = course.printed("--solution");
    assert!(solution.contains("\n  -                 let count = cups.load(SeqCst);\n"), "{solution}");
    assert!(solution.contains("\n  +     println!(\"{} cups\", cups.load(SeqCst));\n"), "{solution}");
    assert_eq!(status, Some(0));
}

#[test]
fn a_copy_keeps_its_edits_and_a_reset_keeps_them_beside_it() {
    let course = Course::new();
    course.edit("cold_tea", "mine");
    course.printed("cold_tea --once");
    assert_eq!(fs::read_to_string(course.copy("cold_tea")).unwrap(), "mine");
    let (printed, _) = course.printed("--reset cold_tea");
    let kept = |number: usize| format!("scratch/exercises/kettle/cold_tea.rs.before-reset-{number}");
    let expected = format!(
        "scratch/exercises/kettle/cold_tea.rs is as given again.\nYour changes are in {}.\n",
        kept(1)
    );
    assert_eq!(printed, expected);
    course.edit("cold_tea", "mine again");
    course.printed("--reset cold_tea");
    // Nothing has changed since.
    course.printed("--reset cold_tea");
    for (number, text) in [(1, "mine"), (2, "mine again")] {
        assert_eq!(fs::read_to_string(course.path(&kept(number))).unwrap(), text);
    }
    assert!(!course.path(&kept(3)).exists());
    assert_eq!(fs::read_to_string(course.copy("cold_tea")).unwrap(), COLD_TEA);
}

#[test]
fn damaged_progress_is_an_error_and_stays_as_it_is() {
    let course = Course::new();
    course.edit("two_cups", solved());
    let path = course.path("scratch/exercises/progress.json");
    fs::write(&path, "{\"current\": \"two_c").unwrap();
    let output = course.run("two_cups --once");
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(
        error.starts_with("error: scratch/exercises/progress.json is damaged. It contains only"),
        "{error}"
    );
    assert!(error.contains("EOF while parsing a string at line 1"), "{error}");
    assert_eq!(fs::read_to_string(path).unwrap(), "{\"current\": \"two_c");
}

#[test]
fn the_exercise_that_was_opened_last_is_opened_again_and_next_is_the_one_after_it() {
    let course = Course::new();
    let opened = |args: &str| {
        let heading = course.printed(args).0.lines().next().unwrap_or_default().to_owned();
        heading.trim_start_matches("==> kettle: ").split(' ').next().unwrap_or_default().to_owned()
    };
    assert_eq!(opened("cold_tea --once"), "cold_tea");
    assert_eq!(opened("--once"), "cold_tea");
    assert_eq!(opened("--next --once"), "two_cups");
    assert_eq!(opened("--next --once"), "cold_tea");
}

#[test]
fn an_unknown_exercise_is_an_invalid_argument() {
    let course = Course::new();
    let output = course.run("teapot");
    assert_eq!(output.status.code(), Some(2));
    let expected = "error: unknown exercise `teapot`; the exercises are two_cups, cold_tea\n";
    assert_eq!(text(&output.stderr), expected);
    assert!(!course.path("scratch").exists());
}
