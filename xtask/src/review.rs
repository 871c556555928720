//! `cargo xtask review`: which guarantees a change loses or gains.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use course_tests::guarantees::stored::Stored;

use crate::flags::Review;
use crate::guarantees::{self, ByTitle, by_title, describe_changes, is_data, is_of_guarantees};
use crate::lessons;
use crate::supervisor::Supervisor;

/// Prints the changes since a revision, by lesson and scenario. Returns false if a test fails.
///
/// # Errors
/// If git cannot be run, the revision is unknown or stores guarantees only as text, cargo cannot be run, standard output was
/// closed, or the run was interrupted.
pub fn run(options: &Review, supervisor: &Supervisor) -> Result<bool> {
    let mut before = at_revision(&options.revision)?;
    let (after, failure) = if options.stored {
        let root = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?.trim_end());
        (guarantees::stored_below(&root.join("crates"))?, None)
    } else {
        let derived = guarantees::derive(&lessons::all()?, supervisor)?;
        (derived.guarantees, derived.failure)
    };
    let mut out = io::stdout().lock();
    if let Some(output) = &failure {
        io::stderr().write_all(output)?;
        for title in before.keys().filter(|title| !after.contains_key(*title)) {
            writeln!(out, "The guarantees of {title} are unknown: a test failed, see above.")?;
        }
        before.retain(|title, _| after.contains_key(title));
    }
    let changes = describe_changes(&before, &after, usize::MAX);
    out.write_all(changes.as_bytes())?;
    if failure.is_none() && changes.is_empty() {
        writeln!(out, "No guarantee was lost or gained since {}.", options.revision)?;
    }
    out.flush()?;
    Ok(failure.is_none())
}

/// Returns the guarantees that a revision stores. Prints a note if there are none: before the first lesson had a test of
/// them, say.
fn at_revision(revision: &str) -> Result<ByTitle> {
    // The hash cannot be taken for an option or a path.
    let commit = git(&["rev-parse", "--verify", "--end-of-options", &format!("{revision}^{{commit}}")])
        .with_context(|| format!("unknown revision `{revision}`"))?;
    let commit = commit.trim_end();
    let files = git(&["ls-tree", "-r", "-z", "--full-tree", "--name-only", commit])?;
    let snapshots: Vec<&Path> =
        files.split('\0').map(Path::new).filter(|file| is_of_guarantees(file)).collect();
    if snapshots.is_empty() {
        let later = first_with_data(commit)?.map(|later| format!("; {later} is the first that stores them"));
        let later = later.unwrap_or_default();
        writeln!(io::stderr(), "note: {revision} stores no guarantees, so every scenario is new{later}")?;
    }
    let has_data = snapshots.iter().any(|file| is_data(file));
    if !has_data && !snapshots.is_empty() {
        let later = first_with_data(commit)?.unwrap_or_else(|| "one with files `* (data).snap`".to_owned());
        bail!("{revision} stores its guarantees only as text; choose a later revision, such as {later}");
    }
    let read = |file: &Path| -> Result<Stored> {
        let text = git(&["show", &format!("{commit}:{}", file.display())])?;
        Stored::read(&text).with_context(|| format!("cannot parse {} at {revision}", file.display()))
    };
    by_title(snapshots.into_iter().filter(|file| is_data(file)).map(read))
}

/// Returns the first revision after `commit` that stores guarantees as data, if any.
fn first_with_data(commit: &str) -> Result<Option<String>> {
    let later = format!("{commit}..HEAD");
    let found = git(&[
        "log",
        "--reverse",
        "--first-parent",
        "--diff-filter=A",
        "--format=%h",
        &later,
        "--",
        ":/*(data).snap",
    ])?;
    Ok(found.lines().next().map(str::to_owned))
}

fn git(args: &[&str]) -> Result<String> {
    let output = Command::new("git").args(args).output().context("cannot run git")?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "git {}: {}", args[0], error.trim_end());
    Ok(String::from_utf8(output.stdout)?)
}
