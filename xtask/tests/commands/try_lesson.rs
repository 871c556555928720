//! `cargo xtask try`, on a course made for the test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::{self, Fifo, Lines};

/// The program of the lesson is its test too, so that it is compiled once.
const MANIFEST: &str = "[package]\nname = \"kettle\"\nedition = \"2024\"\npublish = false\nautobins = false\n
[[test]]\nname = \"lesson\"\npath = \"src/main.rs\"\n";

const WORKSPACE: &str = "[workspace]\nresolver = \"3\"\nmembers = [\n    \"crates/kettle\",\n]\n
[profile.dev]\ndebug = false\nincremental = false\n";

/// A lesson whose test writes two snapshots, as those of a real lesson do.
const PROGRAM: &str = r#"use std::{fs, os::unix::process::CommandExt, process::Command};

fn main() {}

#[test]
fn real_run_and_guarantees() {
    let lines = ["boil", "pour"];
    fs::write("tests/lesson__real_run__tea.snap", lines.join("\n") + "\n").unwrap();
    let all: Vec<_> = lines.iter().map(|line| format!("{{\"actor\":\"main\",\"label\":\"{line}\"}}")).collect();
    let head = "{\"found\":{\"every_schedule\":{\"outputs\":1}},\"lesson\":\"kettle\",\"scenario\":\"\"";
    let rest = "\"nothing_between\":[],\"never_both\":[]}";
    let data = format!("{head},\"lines\":[{}],\"before\":[{lines:?}],{rest}", all.join(","));
    fs::write("tests/lesson__guarantees__guarantees (data).snap", data).unwrap();
    assert!(!lines.contains(&"spill"), "tea is spilt");
    if lines.contains(&"hang") {
        // It holds the fifo open for as long as it lives. Like a lesson that a test runs, it leads a group of its own.
        let script = "exec 3>$UP; echo up >&3; sleep 60";
        Command::new("sh").args(["-c", script]).process_group(0).status().unwrap();
    }
}
"#;

/// What the test stores of the unchanged lesson.
const GUARANTEES: &str = r#"{"found":{"every_schedule":{"outputs":1}},"lesson":"kettle","scenario":"",
"lines":[{"actor":"main","label":"boil"},{"actor":"main","label":"pour"}],"before":[["boil","pour"]],
"nothing_between":[],"never_both":[]}"#;

struct Course {
    folder: TempDir,
}

impl Course {
    /// Creates a course with one lesson, kettle, which has this program.
    fn of(program: &str) -> Self {
        let course = Self { folder: tempfile::tempdir().unwrap() };
        for (file, text) in [
            ("Cargo.toml", WORKSPACE),
            ("crates/kettle/Cargo.toml", MANIFEST),
            ("crates/kettle/src/main.rs", program),
            ("crates/kettle/tests/lesson__real_run__tea.snap", "boil\npour\n"),
            ("crates/kettle/tests/lesson__guarantees__guarantees (data).snap", GUARANTEES),
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

    /// Returns the path of the copy's program.
    fn program(&self) -> PathBuf {
        self.path("scratch/kettle/crates/kettle/src/main.rs")
    }

    fn xtask(&self, args: &str) -> Command {
        let mut command = support::xtask();
        command.args(args.split_whitespace()).current_dir(self.folder.path());
        command.env("CARGO_TARGET_DIR", self.path("target")).env("CARGO_TERM_QUIET", "true");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, args: &str) -> Output {
        self.xtask(args).output().unwrap()
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_save_shows_what_it_changes_and_which_tests_fail_and_ctrl_c_leaves_nothing_running() {
    let (course, fifo) = (Course::of(PROGRAM), Fifo::new());
    let mut child = course.xtask("try kettle").env("UP", fifo.path()).spawn().unwrap();
    let printed = Lines::of(child.stdout.take().unwrap());
    let fresh = printed.until_the_next_save();
    assert!(fresh.contains("\nEdit scratch/kettle/crates/kettle/src/main.rs or "), "{fresh}");
    assert!(fresh.contains("==> kettle: new copy <==\nOne real run printed the same lines, "), "{fresh}");
    assert!(fresh.contains("\nThe guarantees are unchanged under every schedule: kettle.\n"), "{fresh}");

    fs::write(course.program(), PROGRAM.replace("\"pour\"", "\"spill\"")).unwrap();
    let round = printed.until_the_next_save();
    assert!(
        round.contains(
            "==> kettle: main.rs saved <==\nThese tests of the lesson fail:\n\nreal_run_and_guarantees\n"
        ),
        "{round}"
    );
    assert!(round.contains("\n  tea is spilt\n"), "{round}");
    let changed = "\nThe output of tea has changed (lines grouped by actor, not in the order of printing):\n    boil\n  - pour\n  + spill\n\n\
        The guarantees have changed:\nkettle\n  - line removed: “pour”\n  - line added: “spill”\n";
    assert!(round.contains(changed), "{round}");
    let original = fs::read_to_string(course.path("crates/kettle/src/main.rs")).unwrap();
    assert_eq!(original, PROGRAM, "the lesson itself stays as it is");

    fs::write(course.program(), PROGRAM.replace("\"pour\"", "\"hang\"")).unwrap();
    fifo.wait_until_up();
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let ended = child.wait_with_output().unwrap();
    fifo.wait_until_gone();
    assert_eq!(ended.status.code(), Some(130), "{ended:?}");
    assert_eq!(text(&ended.stderr), "");
}

#[test]
fn a_copy_keeps_its_edits_until_a_new_one_is_made() {
    // The programs do not compile: that is quick, and the compiler quotes them.
    let course = Course::of("fn main() { original }");
    let output = course.run("try kettle --once");
    let printed = text(&output.stdout);
    assert!(printed.starts_with("Copied the lesson to scratch/kettle, which git ignores.\n"), "{printed}");
    assert!(printed.contains("cannot find value `original` in this scope"), "{printed}");
    assert!(printed.ends_with("The copy does not compile.\n"), "{printed}");
    assert_eq!(output.status.code(), Some(1));

    fs::write(course.program(), "fn main() { edited }").unwrap();
    let kept = course.run("try kettle --once");
    let printed = text(&kept.stdout);
    assert!(printed.starts_with("This is your existing copy of the lesson."), "{printed}");
    assert!(printed.contains("cannot find value `edited` in this scope"), "{printed}");

    let fresh = course.run("try kettle --once --again");
    let printed = text(&fresh.stdout);
    assert!(printed.starts_with("Copied the lesson to scratch/kettle, which git ignores.\n"), "{printed}");
    assert!(printed.contains("cannot find value `original` in this scope"), "{printed}");
    assert_eq!(entries(&course.path("scratch")), ["kettle"]);
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn an_unknown_lesson_is_an_invalid_argument_and_nothing_is_copied() {
    let course = Course::of(PROGRAM);
    let output = course.run("try teapot --once");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stderr), "error: unknown lesson `teapot`; the lessons are kettle\n");
    assert!(!course.path("scratch").exists());
}
