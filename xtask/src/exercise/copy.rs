//! The learner's copy of an exercise.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::files::write_atomically;
use crate::scene::Exercise;

/// Returns the text of the file as given.
///
/// # Errors
/// If it cannot be read.
pub(super) fn given(exercise: &Exercise) -> Result<String> {
    let path = exercise.given();
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// Copies the file as given, unless there is a copy. Returns the path of the copy.
///
/// # Errors
/// If it cannot be copied.
pub(super) fn prepare(exercise: &Exercise, root: &Path) -> Result<PathBuf> {
    let copy = exercise.copy(root);
    if !copy.exists() {
        write(exercise, &copy)?;
    }
    Ok(copy)
}

/// Replaces the copy by the file as given. Returns where the previous copy is now, if the learner had changed it.
///
/// # Errors
/// If the copy cannot be renamed or written.
pub(super) fn reset(exercise: &Exercise, root: &Path) -> Result<Option<PathBuf>> {
    let copy = exercise.copy(root);
    let is_changed = copy.exists() && fs::read(&copy)? != given(exercise)?.as_bytes();
    let mut backup = None;
    if is_changed {
        let path = unused_backup(&copy);
        fs::rename(&copy, &path).with_context(|| format!("cannot rename {}", copy.display()))?;
        backup = Some(path);
    }
    write(exercise, &copy)?;
    Ok(backup)
}

/// Returns a path that does not exist: no backup replaces another one.
fn unused_backup(copy: &Path) -> PathBuf {
    let mut number = 1;
    loop {
        let path = copy.with_extension(format!("rs.before-reset-{number}"));
        if !path.exists() {
            return path;
        }
        number += 1;
    }
}

fn write(exercise: &Exercise, copy: &Path) -> Result<()> {
    let folder = copy.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    write_atomically(copy, &given(exercise)?).with_context(|| format!("cannot write {}", copy.display()))
}

/// Returns the head of a file: the comment before its code. Links to pages are from the root of the workspace.
pub(super) fn head(exercise: &Exercise) -> Result<String> {
    let text = given(exercise)?;
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    let plain = lines.map(|line| line.strip_prefix(' ').unwrap_or(line).trim_start_matches("# "));
    let folder = format!("crates/{}/", exercise.lesson);
    Ok(plain.map(|line| line.replace("../", &folder) + "\n").collect())
}
