//! `cargo xtask review`: which promises a change loses or gains, for whoever reviews it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;
use course_tests::guarantees::Guarantees;

use crate::guarantees::{changes, is_of_guarantees, snapshots_below, title};

/// Say in sentences which promises the lessons have lost or gained since a git revision.
///
/// It compares the snapshots of the guarantees in the working tree with those of the revision.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Review {
    /// The git revision to compare with
    #[arg(value_name = "REVISION", default_value = "HEAD")]
    revision: String,
}

/// Prints the changes, by lesson and scenario.
///
/// # Errors
/// When git cannot be run or does not know the revision, or nobody reads what is printed.
pub fn run(options: &Review) -> Result<()> {
    let root = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?.trim_end());
    let before = at_revision(&options.revision)?;
    let after = in_working_tree(&root)?;
    let titles: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut out = io::stdout().lock();
    let mut none = true;
    for title in titles {
        let changes = changes(before.get(title), after.get(title));
        if !changes.is_empty() {
            none = false;
            writeln!(out, "{title}")?;
            changes.iter().try_for_each(|change| writeln!(out, "  - {change}"))?;
        }
    }
    if none {
        writeln!(out, "No lesson has lost or gained a promise since {}.", options.revision)?;
    }
    out.flush()?;
    Ok(())
}

/// By lesson and scenario, and not by path: a snapshot that moves to another folder promises what it promised.
type ByTitle = BTreeMap<String, Guarantees>;

fn at_revision(revision: &str) -> Result<ByTitle> {
    let files = git(&["ls-tree", "-r", "-z", "--full-tree", "--name-only", revision])?;
    let files = files.split('\0').map(Path::new).filter(|file| is_of_guarantees(file));
    let read = |file: &Path| git(&["show", &format!("{revision}:{}", file.display())]);
    by_title(files.map(|file| Ok((file, read(file)?))))
}

fn in_working_tree(root: &Path) -> Result<ByTitle> {
    let paths = snapshots_below(&root.join("crates"))?;
    let read = |path: &Path| fs::read_to_string(path).with_context(|| path.display().to_string());
    by_title(paths.iter().map(|path| Ok((path.strip_prefix(root)?, read(path)?))))
}

fn by_title<'a>(snapshots: impl Iterator<Item = Result<(&'a Path, String)>>) -> Result<ByTitle> {
    let mut all = ByTitle::new();
    for snapshot in snapshots {
        let (path, text) = snapshot?;
        let twice = all.insert(title(path), Guarantees::read(&text)).is_some();
        ensure!(!twice, "{}: there is another snapshot of what {} promises", path.display(), title(path));
    }
    Ok(all)
}

fn git(args: &[&str]) -> Result<String> {
    let output = Command::new("git").args(args).output().context("git cannot be run")?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "git {}: {}", args[0], error.trim_end());
    Ok(String::from_utf8(output.stdout)?)
}
