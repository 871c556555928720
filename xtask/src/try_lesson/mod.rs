//! `cargo xtask try`: a place to play with a lesson, where no exercise can end up in a commit.

mod diff;
mod mtimes;
mod report;
mod sandbox;

use std::env;
use std::io::{self, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::cargo;
use crate::lessons;
use crate::status_line::StatusLine;
use crate::supervisor::{BUILD_LIMIT, Supervisor};

use mtimes::Mtimes;
use report::{Snapshots, split_output, without_the_scheduler};
use sandbox::Sandbox;

/// How often it looks for a file that was saved.
const POLL: Duration = Duration::from_millis(300);

/// Try edits on a copy of a lesson, and see what each of them changes: what the lesson prints, and what it promises.
///
/// The copy is below scratch/, which git ignores. After each save its tests are run.
///
/// Exit status: 0, 1 with --once when the tests cannot be run, 2 for a wrong argument.
#[derive(Debug, Args)]
#[command(name = "try", verbatim_doc_comment)]
pub struct Try {
    /// The lesson to try edits on
    #[arg(value_name = "LESSON")]
    lesson: String,

    /// Run the tests once and end, without waiting for a save
    #[arg(long)]
    once: bool,

    /// Throw away the copy that is there, and start over from a fresh one
    #[arg(long)]
    again: bool,
}

/// Tells what each save changes until it is ended; with `--once`, what has been changed so far. False when the tests
/// could not be run then.
///
/// # Errors
/// When the lesson is unknown, cannot be copied or has no tests that tell, cargo cannot be run, nobody reads what is
/// printed, or the run was interrupted.
pub fn run(options: &Try, supervisor: &Supervisor) -> Result<bool> {
    let course = lessons::course()?;
    let lesson = lessons::choose(course.lessons.clone(), std::slice::from_ref(&options.lesson))?.remove(0);
    let scratch = Sandbox::prepare(&course, &lesson, options.again)?;
    let mut heading = if scratch.is_fresh { "a fresh copy" } else { "as it is now" }.to_owned();
    print(&welcome(&scratch, options.once))?;
    let mut saved = Mtimes::below(&scratch.sources());
    loop {
        print(&format!("\n==> {}: {heading} <==\n", lesson.name))?;
        let ran = try_once(&scratch, supervisor)?;
        if options.once {
            return Ok(ran);
        }
        print("\nWaiting for the next save.\n")?;
        let Some(now) = wait_for_a_save(&saved, &scratch.sources(), supervisor) else { return Ok(true) };
        heading = format!("{} was saved", now.first_changed(&saved).display());
        saved = now;
    }
}

fn welcome(scratch: &Sandbox, once: bool) -> String {
    let file = from_here(&scratch.sources().join("main.rs"));
    let begin = if scratch.is_fresh {
        "This is a copy to play with; git ignores it."
    } else {
        "Your copy is still there, and this goes on with it (--again starts over from a fresh one)."
    };
    let end = if once { "" } else { " Ctrl-C ends this." };
    format!("{begin}\nEdit {file}, or a file beside it, and save it to see what that changes.{end}\n")
}

/// A path as one would type it in the current folder.
fn from_here(path: &Path) -> String {
    let here = env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}

/// Waits until a file is saved, and then until all files have been as they are for a moment: an editor may take several
/// steps to save one. `None` when all was ended meanwhile.
fn wait_for_a_save(before: &Mtimes, folder: &Path, supervisor: &Supervisor) -> Option<Mtimes> {
    let mut last = before.clone();
    loop {
        thread::sleep(POLL);
        if supervisor.has_stopped() {
            return None;
        }
        let now = Mtimes::below(folder);
        if now != *before && now == last {
            return Some(now);
        }
        last = now;
    }
}

/// Runs the tests of the copy, and prints what they tell. False when they could not be run.
fn try_once(scratch: &Sandbox, supervisor: &Supervisor) -> Result<bool> {
    // What a test does not write anew is known not to be known: it failed before it came to that.
    Snapshots::remove(&scratch.lesson())?;
    let colour = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
    let live = StatusLine::new();
    live.started(0, &format!("the tests of {}", scratch.name));
    let ended = supervisor.run(tests(scratch, colour), BUILD_LIMIT).context("cargo cannot be run");
    drop(live);
    let ended = ended?;
    let output = String::from_utf8_lossy(&ended.output);
    let (by_compiler, by_tests) = split_output(&output);
    print(by_compiler)?;
    let Some(by_tests) = by_tests else {
        print("So its tests cannot be run.\n")?;
        return Ok(false);
    };
    let passed = ended.status.success();
    if !passed {
        print(&format!(
            "These tests of the lesson notice it; what has changed stands below them:\n\n{}\n\n",
            without_the_scheduler(by_tests)
        ))?;
    }
    let before = Snapshots::of(&scratch.original)?;
    let after = Snapshots::of(&scratch.lesson())?;
    ensure!(!passed || !after.is_empty(), "{} has no tests of what it prints or promises", scratch.name);
    print(&before.told(&after, passed, colour))?;
    Ok(true)
}

/// Runs those tests that write snapshots of what the lesson prints and promises, and lets them write what they see.
fn tests(scratch: &Sandbox, colour: bool) -> std::process::Command {
    let mut cargo = cargo();
    cargo.args(["test", "--quiet", "--package", &scratch.name, "--test", "lesson"]);
    cargo.args(["--", "real_run", "guarantees"]);
    cargo.current_dir(&scratch.root).env("CARGO_TARGET_DIR", &scratch.target);
    cargo.env("CARGO_TERM_COLOR", if colour { "always" } else { "never" });
    cargo.env("INSTA_UPDATE", "always").env("INSTA_FORCE_PASS", "1");
    // What has changed in a snapshot is told below, and where a test failed, by its name.
    cargo.env("INSTA_OUTPUT", "none").env("RUST_BACKTRACE", "0");
    cargo
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
