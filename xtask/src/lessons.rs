//! Which lessons there are: the workspace's members under `crates/`, in the order of its member list.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::cargo;

/// A lesson, as its manifest tells it.
#[derive(Debug, Clone, Deserialize)]
pub struct Lesson {
    /// The name of its package, and of its program.
    pub name: String,
    /// What it teaches, in one line.
    #[serde(default)]
    pub description: Option<String>,
    /// The package id by which cargo's messages name it.
    pub id: String,
    manifest_path: PathBuf,
}

impl Lesson {
    /// The folder of its package.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }
}

/// Names that no lesson has.
#[derive(Debug)]
pub struct UnknownLesson {
    unknown: Vec<String>,
    lessons: Vec<String>,
}

impl fmt::Display for UnknownLesson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unknown: Vec<String> = self.unknown.iter().map(|name| format!("`{name}`")).collect();
        write!(f, "there is no lesson {}; the lessons are {}", unknown.join(" or "), self.lessons.join(", "))
    }
}

impl std::error::Error for UnknownLesson {}

#[derive(Deserialize)]
struct Metadata {
    /// Without dependencies these are the members alone, in the order of the member list. Cargo puts a member that
    /// an earlier one depends on right behind that one; lessons depend on no lesson, so theirs is the list's order.
    packages: Vec<Lesson>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

/// The lessons, and where the workspace is that they are in.
#[derive(Debug)]
pub struct Course {
    /// The root of the workspace.
    pub root: PathBuf,
    /// The folder into which cargo builds.
    pub target: PathBuf,
    /// All lessons, in the order of the member list.
    pub lessons: Vec<Lesson>,
}

/// All lessons of the workspace around the current folder.
///
/// # Errors
/// As [`course`].
pub fn all() -> Result<Vec<Lesson>> {
    Ok(course()?.lessons)
}

/// The folder of the workspace around the current folder.
///
/// # Errors
/// As [`course`].
pub fn root() -> Result<PathBuf> {
    Ok(course()?.root)
}

/// The workspace around the current folder.
///
/// # Errors
/// When cargo cannot be run, or does not understand the workspace (it says so itself, on standard error).
pub fn course() -> Result<Course> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .stderr(Stdio::inherit())
        .output()
        .context("cargo cannot be run")?;
    ensure!(output.status.success(), "cargo does not tell which lessons there are");
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("cargo's metadata cannot be understood")?;
    let Metadata { packages, workspace_root: root, target_directory: target } = metadata;
    let folder = root.join("crates");
    let lessons = packages.into_iter().filter(|package| package.manifest_path.starts_with(&folder)).collect();
    Ok(Course { root, target, lessons })
}

/// Those of `lessons` that are named, in the order of `lessons`; all of them when none is named.
///
/// # Errors
/// When a name is no lesson's.
pub fn choose(lessons: Vec<Lesson>, names: &[String]) -> Result<Vec<Lesson>, UnknownLesson> {
    let is_unknown = |name: &&String| !lessons.iter().any(|lesson| lesson.name == **name);
    let unknown: Vec<String> = names.iter().filter(is_unknown).cloned().collect();
    if !unknown.is_empty() {
        let lessons = lessons.into_iter().map(|lesson| lesson.name).collect();
        return Err(UnknownLesson { unknown, lessons });
    }
    if names.is_empty() {
        return Ok(lessons);
    }
    Ok(lessons.into_iter().filter(|lesson| names.contains(&lesson.name)).collect())
}

/// `cargo xtask list`: prints each lesson's name and description.
///
/// # Errors
/// As [`all`], or when nobody reads what is printed.
pub fn list(mut out: impl Write) -> Result<()> {
    let lessons = all()?;
    let width = lessons.iter().map(|lesson| lesson.name.len()).max().unwrap_or(0);
    for Lesson { name, description, .. } in &lessons {
        writeln!(out, "{name:width$}  {}", description.as_deref().unwrap_or("(no description)"))?;
    }
    out.flush()?;
    Ok(())
}
