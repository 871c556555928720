//! The copy of a lesson to play with, as a small workspace of its own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::files;
use crate::lessons::{Course, Lesson};

/// The folder of all copies, in the root of the workspace.
const FOLDER: &str = "scratch";

/// How to come from the root of a copy back to the root of the workspace.
const BACK: &str = "../../";

/// A copy of a lesson.
#[derive(Debug)]
pub(super) struct Sandbox {
    /// The lesson's name.
    pub(super) name: String,
    /// The folder of the lesson that was copied.
    pub(super) original: PathBuf,
    /// The root of the copy's workspace.
    pub(super) root: PathBuf,
    /// Where cargo builds: as for the workspace, so that what both depend on is not built again.
    pub(super) target: PathBuf,
    /// Whether it was copied just now.
    pub(super) is_fresh: bool,
}

impl Sandbox {
    /// Copies `lesson`, unless a copy is there already; with `again`, even so.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub(super) fn prepare(course: &Course, lesson: &Lesson, again: bool) -> Result<Self> {
        let folder = course.root.join(FOLDER);
        let root = folder.join(&lesson.name);
        if again && root.exists() {
            let cannot = || format!("{} cannot be removed", root.display());
            fs::remove_dir_all(&root).with_context(cannot)?;
        }
        let is_fresh = !root.exists();
        if is_fresh {
            fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
            copy(course, lesson, &root).with_context(|| format!("{} cannot be copied", lesson.name))?;
        }
        let (name, original) = (lesson.name.clone(), lesson.folder().to_owned());
        Ok(Self { name, original, root, target: course.target.clone(), is_fresh })
    }

    /// The folder of the copied lesson.
    pub(super) fn lesson(&self) -> PathBuf {
        self.root.join("crates").join(&self.name)
    }

    /// The folder of its program.
    pub(super) fn sources(&self) -> PathBuf {
        self.lesson().join("src")
    }
}

/// Copies a lesson to `to`, which is there once it is whole.
fn copy(course: &Course, lesson: &Lesson, to: &Path) -> Result<()> {
    let beside = tempfile::Builder::new().prefix(".part-").tempdir_in(course.root.join(FOLDER))?;
    let part = beside.path().join(&lesson.name);
    for file in files::below(lesson.folder())?.iter().filter(|file| !is_unreviewed(file)) {
        write_anew(file, &part.join("crates").join(&lesson.name).join(file.strip_prefix(lesson.folder())?))?;
    }
    let manifest = fs::read_to_string(course.root.join("Cargo.toml"))?;
    fs::write(part.join("Cargo.toml"), workspace_of(&manifest, &lesson.name)?)?;
    let lock = course.root.join("Cargo.lock");
    if lock.exists() {
        write_anew(&lock, &part.join("Cargo.lock"))?;
    }
    fs::rename(part, to)?;
    Ok(())
}

/// A snapshot that a failed test has written beside the one that it holds.
fn is_unreviewed(file: &Path) -> bool {
    file.extension().is_some_and(|end| end == "new" || end == "pending-snap")
}

/// Not `fs::copy`, with which a file may stay as old as the one that is copied: cargo would take it as built.
fn write_anew(file: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().context("a file is in a folder")?)?;
    fs::write(to, fs::read(file)?).with_context(|| to.display().to_string())
}

/// The workspace's manifest for the copy of one lesson: with that member alone, and paths that lead back.
///
/// # Errors
/// When there is no list of members.
fn workspace_of(manifest: &str, lesson: &str) -> Result<String> {
    let (before, members) =
        manifest.split_once("\nmembers = [").context("Cargo.toml has no list of members")?;
    let (_, after) = members.split_once(']').context("the list of members has no end")?;
    ensure!(!after.contains("\nmembers = ["), "Cargo.toml has two lists of members");
    let mut section = "";
    let mut lines = Vec::new();
    for line in after.lines() {
        section = if line.starts_with('[') { line } else { section };
        lines.push(match section {
            "[workspace.package]" => as_another_version(line),
            "[workspace.dependencies]" => line.replace("path = \"", &format!("path = \"{BACK}")),
            _ => line.to_owned(),
        });
    }
    Ok(format!("{before}\nmembers = [\"crates/{lesson}\"]{}\n", lines.join("\n")))
}

/// Cargo tells packages apart by their version and their place in their workspace, which is the lesson's own. With the
/// same version too, it would take one as built when it has built the other.
fn as_another_version(line: &str) -> String {
    match line.strip_prefix("version = \"").and_then(|rest| rest.split_once('"')) {
        Some((version, rest)) => format!("version = \"{version}+try\"{rest}"),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[workspace]\nresolver = \"3\"\nmembers = [\n    # The lessons.\n    \"crates/a\",\n    \
        \"tests\",\n]\n\n[workspace.package]\nversion = \"0.1.0\"\nrust-version = \"1.88\"\n\n[workspace.dependencies]\n\
        course-tests = { path = \"tests\" }\nserde = { version = \"1.0\" }\n\n[profile.dev]\ndebug = 1\n";

    #[test]
    fn the_copy_is_the_only_member_and_the_rest_stays() {
        let copy = workspace_of(MANIFEST, "a").unwrap();
        let (members, rest) = copy.split_once("\n\n").unwrap();
        assert_eq!(members, "[workspace]\nresolver = \"3\"\nmembers = [\"crates/a\"]");
        assert!(
            rest.contains("\nrust-version = \"1.88\"\n")
                && rest.contains("\nserde = { version = \"1.0\" }\n")
        );
        assert!(rest.ends_with("\n\n[profile.dev]\ndebug = 1\n"), "{rest}");
    }

    #[test]
    fn what_a_path_led_to_it_still_leads_to() {
        let copy = workspace_of(MANIFEST, "a").unwrap();
        assert!(copy.contains("\ncourse-tests = { path = \"../../tests\" }\n"), "{copy}");
    }

    #[test]
    fn to_cargo_the_copy_is_another_package_than_the_lesson() {
        let copy = workspace_of(MANIFEST, "a").unwrap();
        assert!(copy.contains("\nversion = \"0.1.0+try\"\n"), "{copy}");
    }

    #[test]
    fn without_a_list_of_members_it_says_so() {
        let error = workspace_of("[package]\nname = \"a\"\n", "a").unwrap_err();
        assert_eq!(error.to_string(), "Cargo.toml has no list of members");
    }
}
