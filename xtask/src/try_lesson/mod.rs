//! `cargo xtask try`: edit a copy of a lesson, and see what each change does. The copy is not part of the repository.

mod failures;
mod report;
mod sandbox;

use std::process::Command;

use anyhow::{Context, Result, ensure};
use course_tests::guarantees::stored::KEPT_SNAPSHOTS_VAR;

use crate::cargo::cargo;
use crate::files::relative_to_current_dir;
use crate::flags::Try;
use crate::lessons;
use crate::saves::Mtimes;
use crate::status_line::StatusLine;
use crate::supervisor::{BUILD_LIMIT, Supervisor};
use crate::terminal::print;
use failures::split_output;
use report::Snapshots;
use sandbox::Sandbox;

/// Runs the tests of the copy after each save, and prints what has changed; with `--once`, once. Returns false if the tests
/// could not be run then.
///
/// # Errors
/// If the lesson is unknown, cannot be copied or has no snapshot tests, cargo cannot be run, standard output is closed, or
/// the supervisor has stopped.
pub fn run(options: &Try, supervisor: &Supervisor) -> Result<bool> {
    let course = lessons::course()?;
    let lesson = lessons::choose(course.lessons.clone(), std::slice::from_ref(&options.lesson))?.remove(0);
    let sandbox = Sandbox::prepare(&course, &lesson, options.again)?;
    let mut heading = if sandbox.is_fresh { "new copy" } else { "existing copy" }.to_owned();
    print(&welcome(&sandbox, options.once))?;
    print(
        "Building and running the tests; the first time takes a few minutes. A program that does not end is killed after a minute.\n",
    )?;
    let mut mtimes = Mtimes::of(&sandbox.sources());
    loop {
        print(&format!("\n==> {}: {heading} <==\n", lesson.name))?;
        let could_run = try_once(&sandbox, supervisor)?;
        if options.once {
            return Ok(could_run);
        }
        print("\nWaiting for the next save.\n")?;
        let Some(now) = mtimes.wait_for_save(&sandbox.sources(), supervisor) else { return Ok(true) };
        heading = format!("{} saved", now.first_changed(&mtimes).display());
        mtimes = now;
    }
}

fn welcome(sandbox: &Sandbox, once: bool) -> String {
    let strategies = sandbox.sources().join("strategies");
    let files = if strategies.is_dir() {
        format!("a file in {}", relative_to_current_dir(&strategies))
    } else {
        format!("{} or a file beside it", relative_to_current_dir(&sandbox.sources().join("main.rs")))
    };
    let begin = if sandbox.is_fresh {
        format!("Copied the lesson to {}, which git ignores.", relative_to_current_dir(&sandbox.root))
    } else {
        "This is your existing copy of the lesson. To start with a new one, use --again.".to_owned()
    };
    let end = if once { "" } else { " Press Ctrl-C to stop." };
    format!("{begin}\nEdit {files}, and save it to see what changes.{end}\n")
}

/// Runs the tests of the copy, and prints what has changed. Returns false if they could not be run.
fn try_once(sandbox: &Sandbox, supervisor: &Supervisor) -> Result<bool> {
    // A snapshot that the tests do not write is then known to be missing: its test failed first.
    Snapshots::remove(&sandbox.lesson())?;
    let status = StatusLine::new();
    status.started(0, &format!("the tests of {}", sandbox.name));
    let ended = supervisor.run(tests(sandbox), BUILD_LIMIT).context("cannot run cargo");
    drop(status);
    let ended = ended?;
    let output = String::from_utf8_lossy(&ended.output);
    let (by_compiler, by_tests) = split_output(&output);
    print(&by_compiler)?;
    let Some(by_tests) = by_tests else {
        print("The copy does not compile.\n")?;
        return Ok(false);
    };
    let passed = ended.status.success();
    if !passed {
        print(&format!("These tests of the lesson fail:\n\n{by_tests}\n\n"))?;
    }
    let before = Snapshots::of(&sandbox.original)?;
    let after = Snapshots::of(&sandbox.lesson())?;
    ensure!(
        !passed || !after.is_empty(),
        "{} has no snapshot tests of its output or its guarantees",
        sandbox.name
    );
    print(&before.changes(&after, passed))?;
    let unexplored = if after.were_explored() { sandbox.changed_in_the_library()? } else { Vec::new() };
    for file in unexplored {
        print(&format!(
            "{file} is part of the library, for which the schedules run a stand-in: they do not show what your change \
             does to it. Run `cargo test` in {} to run the library's own tests.\n",
            relative_to_current_dir(&sandbox.root)
        ))?;
    }
    Ok(true)
}

/// Runs the tests that write snapshots of the lesson's output and guarantees, and accepts what they write.
fn tests(sandbox: &Sandbox) -> Command {
    let mut cargo = cargo();
    cargo.args(["test", "--quiet", "--package", &sandbox.name, "--test", "lesson"]);
    cargo.args(["--", "real_run", "guarantees"]);
    cargo.current_dir(&sandbox.root).env("CARGO_TARGET_DIR", &sandbox.target);
    // `print` removes the colours where they are not wanted.
    cargo.env("CARGO_TERM_COLOR", "always");
    cargo.env("INSTA_UPDATE", "always").env("INSTA_FORCE_PASS", "1");
    cargo.env(KEPT_SNAPSHOTS_VAR, sandbox.original.join("tests/lesson/snapshots"));
    // Changed snapshots are printed below, failed tests by their names.
    cargo.env("INSTA_OUTPUT", "none").env("RUST_BACKTRACE", "0");
    cargo
}
