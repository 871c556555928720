//! The lessons of the workspace, from `cargo metadata`.
//!
//! A lesson is a package under `crates/`. Its manifest has its position in the course and its entry in the list of
//! lessons:
//!
//! ```toml
//! [package.metadata.lesson]
//! order = 2
//! python = "`Thread(target=…)`, `join()`"
//! rust = "`thread::spawn`"
//! ```

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Deserializer};

use crate::cargo::cargo;

/// A lesson, as its manifest describes it.
#[derive(Debug, Clone, Deserialize)]
pub struct Lesson {
    /// The name of its package, and of its program.
    pub name: String,
    /// What it teaches, in one line; empty if the manifest has no description.
    #[serde(default, deserialize_with = "or_default")]
    pub description: String,
    /// The package id that cargo's messages use.
    pub id: String,
    #[serde(default, deserialize_with = "or_default")]
    metadata: Extra,
    manifest_path: PathBuf,
}

/// `[package.metadata]`, which cargo ignores.
#[derive(Debug, Clone, Default, Deserialize)]
struct Extra {
    #[serde(default)]
    lesson: Entry,
}

/// The lesson's entry in the list of lessons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Entry {
    /// Its position in the course. Lessons without one come last.
    pub order: Option<u32>,
    /// The names of Python that it is about.
    pub python: String,
    /// What Rust has instead.
    pub rust: String,
}

/// Cargo writes null where a manifest has no such field.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(field: D) -> Result<T, D::Error> {
    Option::deserialize(field).map(Option::unwrap_or_default)
}

impl Lesson {
    /// Returns the folder of its package.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }

    /// Returns its entry in the list of lessons.
    #[must_use]
    pub fn entry(&self) -> &Entry {
        &self.metadata.lesson
    }
}

/// Names of lessons that do not exist.
#[derive(Debug)]
pub struct UnknownLesson {
    unknown: Vec<String>,
    lessons: Vec<String>,
}

impl fmt::Display for UnknownLesson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unknown: Vec<String> = self.unknown.iter().map(|name| format!("`{name}`")).collect();
        write!(f, "unknown lesson {}; the lessons are {}", unknown.join(", "), self.lessons.join(", "))
    }
}

impl std::error::Error for UnknownLesson {}

/// The output of `cargo metadata --no-deps`: the members of the workspace.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Lesson>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

/// The lessons, and the workspace that contains them.
#[derive(Debug)]
pub struct Course {
    /// The root of the workspace.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// All lessons, in lesson order.
    pub lessons: Vec<Lesson>,
}

/// Returns all lessons of the workspace around the current folder, in lesson order.
///
/// # Errors
/// As [`course`].
pub fn all() -> Result<Vec<Lesson>> {
    Ok(course()?.lessons)
}

/// Returns the root of the workspace around the current folder.
///
/// # Errors
/// As [`course`].
pub fn root() -> Result<PathBuf> {
    Ok(course()?.root)
}

/// Reads the workspace around the current folder.
///
/// # Errors
/// As [`course_in`].
pub fn course() -> Result<Course> {
    course_in(Path::new("."))
}

/// Reads the workspace around `folder`.
///
/// # Errors
/// If `cargo metadata` cannot be run, or fails; it prints the reason to standard error.
pub fn course_in(folder: &Path) -> Result<Course> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "`cargo metadata` failed");
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("cannot parse the output of `cargo metadata`")?;
    let Metadata { packages, workspace_root: root, target_directory: target } = metadata;
    let crates = root.join("crates");
    let mut lessons: Vec<Lesson> =
        packages.into_iter().filter(|package| package.manifest_path.starts_with(&crates)).collect();
    lessons.sort_by_key(|lesson| (lesson.entry().order.unwrap_or(u32::MAX), lesson.name.clone()));
    Ok(Course { root, target, lessons })
}

/// Returns the lessons with these names, in lesson order; all lessons if there are no names.
///
/// # Errors
/// If a name is not a lesson's.
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
