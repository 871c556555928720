//! `cargo xtask review`: which promises a change loses or gains, for whoever reviews it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::flags::Review;
use crate::guarantees::{ByTitle, by_title, in_folder, is_of_guarantees, told};
use anyhow::{Context, Result, ensure};

/// Prints the changes, by lesson and scenario.
///
/// # Errors
/// When git cannot be run or does not know the revision, or nobody reads what is printed.
pub fn run(options: &Review) -> Result<()> {
    let root = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?.trim_end());
    let before = at_revision(&options.revision)?;
    let after = in_folder(&root, &root.join("crates"))?;
    let told = told(&before, &after);
    let mut out = io::stdout().lock();
    out.write_all(told.as_bytes())?;
    if told.is_empty() {
        writeln!(out, "No lesson has lost or gained a promise since {}.", options.revision)?;
    }
    out.flush()?;
    Ok(())
}

fn at_revision(revision: &str) -> Result<ByTitle> {
    let files = git(&["ls-tree", "-r", "-z", "--full-tree", "--name-only", revision])?;
    let files = files.split('\0').map(Path::new).filter(|file| is_of_guarantees(file));
    let read = |file: &Path| git(&["show", &format!("{revision}:{}", file.display())]);
    by_title(files.map(|file| Ok((file, read(file)?))))
}

fn git(args: &[&str]) -> Result<String> {
    let output = Command::new("git").args(args).output().context("git cannot be run")?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "git {}: {}", args[0], error.trim_end());
    Ok(String::from_utf8(output.stdout)?)
}
