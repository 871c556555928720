//! `cargo xtask orders`: what the lessons promise, in words.

use std::fs;
use std::io::{self, Write};

use anyhow::{Context, Result, ensure};
use course_tests::guarantees::body;

use crate::cargo::cargo;
use crate::flags::Orders;
use crate::guarantees::{snapshots_below, title};
use crate::lessons::{self, Lesson};
use crate::status_line::StatusLine;
use crate::supervisor::{BUILD_LIMIT, Supervisor};

/// Prints what is promised. False when the lessons no longer keep it.
///
/// # Errors
/// When a lesson is unknown, cargo cannot be run, no test derives what is promised, nobody reads what is printed, or
/// the run was interrupted.
pub fn run(options: &Orders, supervisor: &Supervisor) -> Result<bool> {
    let chosen = lessons::choose(lessons::all()?, &options.lessons)?;
    let kept = options.unchecked || derive_anew(&chosen, supervisor)?;
    let mut out = io::stdout().lock();
    for lesson in &chosen {
        for path in snapshots_below(&lesson.folder().join("tests"))? {
            let snapshot = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            writeln!(out, "==> {} <==\n{}", title(&path), body(&snapshot))?;
        }
    }
    if !kept {
        writeln!(out, "These snapshots are not what the lessons promise now: the tests above say what is.")?;
    }
    out.flush()?;
    Ok(kept)
}

/// Runs the tests of the guarantees, which write no snapshot; where they fail, what they say goes to standard error.
fn derive_anew(lessons: &[Lesson], supervisor: &Supervisor) -> Result<bool> {
    let mut test = cargo();
    test.args(["test", "--quiet", "--no-fail-fast"]);
    for lesson in lessons {
        test.args(["--package", &lesson.id]);
    }
    test.args(["--tests", "--", "guarantees"]).env("INSTA_UPDATE", "no").env("INSTA_FORCE_PASS", "0");
    let live = StatusLine::new();
    live.started(0, "the tests of the guarantees");
    let ended = supervisor.run(test, BUILD_LIMIT).context("cargo cannot be run")?;
    drop(live);
    let said = String::from_utf8_lossy(&ended.output);
    if !ended.status.success() {
        io::stderr().write_all(said.as_bytes())?;
    }
    ensure!(!ended.status.success() || passed(&said) > 0, "there is no test of what is promised");
    Ok(ended.status.success())
}

/// How many tests have passed, as the test programs tell it.
fn passed(said: &str) -> usize {
    let counts = said.lines().filter_map(|line| line.strip_prefix("test result: ok. ")?.split(' ').next());
    counts.filter_map(|count| count.parse::<usize>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::passed;

    #[test]
    fn what_has_passed_in_all_test_programs_is_counted() {
        let said = "running 2 tests\n..\ntest result: ok. 2 passed; 0 failed; 17 filtered out\n\n\
            test result: ok. 0 passed; 0 failed\ntest result: ok. 11 passed; 0 failed\n";
        assert_eq!(passed(said), 13);
        assert_eq!(passed("running 0 tests\n\ntest result: ok. 0 passed; 0 failed; 3 filtered out\n"), 0);
    }
}
