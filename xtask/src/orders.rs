//! `cargo xtask orders`: what the lessons promise, in words.

use std::fs;
use std::io::{self, Write};

use anyhow::{Context, Result};
use clap::Args;
use course_tests::guarantees::body;

use crate::guarantees::{snapshots_below, title};
use crate::{cargo, lessons};

/// Say what the lessons promise: which lines always come before which, how many outputs are possible, and how they
/// were found.
///
/// The promises are derived anew first, by the tests that hold the snapshots to them.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Orders {
    /// The lessons to tell of [default: all of them]
    #[arg(value_name = "LESSON")]
    lessons: Vec<String>,

    /// Tell what the snapshots say, without deriving it anew
    #[arg(long)]
    unchecked: bool,
}

/// Prints what is promised. False when the lessons no longer keep it.
///
/// # Errors
/// When a lesson is unknown, cargo cannot be run, or nobody reads what is printed.
pub fn run(options: &Orders) -> Result<bool> {
    let chosen = lessons::choose(lessons::all()?, &options.lessons)?;
    let kept = options.unchecked || derive_anew(&chosen)?;
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

/// Runs the tests of the guarantees; what they say goes to standard error.
fn derive_anew(lessons: &[lessons::Lesson]) -> Result<bool> {
    let mut test = cargo();
    test.args(["test", "--quiet", "--no-fail-fast"]);
    for lesson in lessons {
        test.args(["--package", &lesson.id]);
    }
    let output = test.args(["--tests", "--", "guarantees"]).output().context("cargo cannot be run")?;
    if !output.status.success() {
        let mut out = io::stderr().lock();
        out.write_all(&output.stdout)?;
        out.write_all(&output.stderr)?;
    }
    Ok(output.status.success())
}
