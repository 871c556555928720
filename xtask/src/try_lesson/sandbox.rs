//! A copy of a lesson to edit, in a small workspace of its own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::cargo::cargo;
use crate::files;
use crate::lessons::{Course, Lesson};

/// The folder of all copies, from the root of the workspace.
const FOLDER: &str = "scratch";

/// The path from the root of a copy's workspace to the root of the workspace.
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
    /// Cargo's target folder: that of the workspace, so that dependencies are not built again.
    pub(super) target: PathBuf,
    /// Whether it has just been copied.
    pub(super) is_fresh: bool,
}

impl Sandbox {
    /// Copies `lesson`, unless a copy exists; with `again`, replaces an existing copy.
    ///
    /// # Errors
    /// If the lesson cannot be copied.
    pub(super) fn prepare(course: &Course, lesson: &Lesson, again: bool) -> Result<Self> {
        let folder = course.root.join(FOLDER);
        let root = folder.join(&lesson.name);
        if again && root.exists() {
            fs::remove_dir_all(&root).with_context(|| format!("cannot remove {}", root.display()))?;
        }
        let is_fresh = !root.exists();
        if is_fresh {
            fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
            copy(course, lesson, &root).with_context(|| format!("cannot copy {}", lesson.name))?;
            remove_unused_profiles(&root)?;
        }
        let (name, original) = (lesson.name.clone(), lesson.folder().to_owned());
        Ok(Self { name, original, root, target: course.target.clone(), is_fresh })
    }

    /// Returns the folder of the copied lesson.
    pub(super) fn lesson(&self) -> PathBuf {
        self.root.join("crates").join(&self.name)
    }

    /// Returns the files of the lesson's library that differ from the original, by their paths in the lesson.
    ///
    /// # Errors
    /// If the files cannot be listed.
    pub(super) fn changed_in_the_library(&self) -> Result<Vec<String>> {
        let sources = self.sources();
        if !sources.join("lib.rs").exists() {
            return Ok(Vec::new());
        }
        let differs = |file: &PathBuf| {
            let path = file.strip_prefix(self.lesson()).ok()?;
            let is_changed = fs::read(file).ok() != fs::read(self.original.join(path)).ok();
            (is_changed && path != Path::new("src/main.rs")).then(|| path.display().to_string())
        };
        Ok(files::below(&sources)?.iter().filter_map(differs).collect())
    }

    /// Returns the folder of its program.
    pub(super) fn sources(&self) -> PathBuf {
        self.lesson().join("src")
    }
}

/// Copies a lesson to `to`, by way of a temporary folder: `to` is complete, or does not exist.
fn copy(course: &Course, lesson: &Lesson, to: &Path) -> Result<()> {
    let beside = tempfile::Builder::new().prefix(".part-").tempdir_in(course.root.join(FOLDER))?;
    let part = beside.path().join(&lesson.name);
    for file in files::below(lesson.folder())?.iter().filter(|file| !is_unreviewed(file)) {
        copy_file(file, &part.join("crates").join(&lesson.name).join(file.strip_prefix(lesson.folder())?))?;
    }
    let manifest = fs::read_to_string(course.root.join("Cargo.toml"))?;
    fs::write(part.join("Cargo.toml"), workspace_of(&manifest, &lesson.name)?)?;
    let lock = course.root.join("Cargo.lock");
    if lock.exists() {
        copy_file(&lock, &part.join("Cargo.lock"))?;
    }
    fs::rename(part, to)?;
    Ok(())
}

/// Returns whether insta wrote this file after a failed test.
fn is_unreviewed(file: &Path) -> bool {
    file.extension().is_some_and(|end| end == "new" || end == "pending-snap")
}

/// Copies a file without its modification time, by which cargo would think that it has been built. `fs::copy` keeps it on
/// some systems.
fn copy_file(file: &Path, to: &Path) -> Result<()> {
    files::write(to, &fs::read(file)?).with_context(|| format!("cannot write {}", to.display()))
}

/// Returns the workspace's manifest with the lesson as its only member, and with relative paths adjusted.
///
/// # Errors
/// If the manifest does not have exactly one list of members.
fn workspace_of(manifest: &str, lesson: &str) -> Result<String> {
    let (before, members) =
        manifest.split_once("\nmembers = [").context("Cargo.toml has no list of members")?;
    let (_, after) = members.split_once("\n]").context("the list of members has no end")?;
    ensure!(!after.contains("\nmembers = ["), "Cargo.toml has more than one list of members");
    let mut section = "";
    let mut lines = Vec::new();
    for line in after.lines() {
        section = if line.starts_with('[') { line } else { section };
        lines.push(match section {
            "[workspace.package]" => with_another_version(line),
            "[workspace.dependencies]" => line.replace("path = \"", &format!("path = \"{BACK}")),
            _ => line.to_owned(),
        });
    }
    Ok(format!("{before}\nmembers = [\"crates/{lesson}\"]{}\n", lines.join("\n")))
}

/// Removes the profiles of packages that the copy does not use: cargo would warn about each of them.
///
/// # Errors
/// If cargo cannot be run, or the manifest cannot be read or written.
fn remove_unused_profiles(root: &Path) -> Result<()> {
    // Removes from the lock file what only other lessons use. If it fails, cargo will warn.
    let mut update = cargo();
    update.args(["update", "--workspace", "--offline"]).current_dir(root);
    update.output().context("cannot run cargo")?;
    let lock = files::read_if_exists(&root.join("Cargo.lock"))?.unwrap_or_default();
    let manifest = root.join("Cargo.toml");
    let text = with_profiles_of(&fs::read_to_string(&manifest)?, &lock);
    files::write_atomically(&manifest, &text).with_context(|| format!("cannot write {}", manifest.display()))
}

/// Returns the manifest with the profiles of the packages in the lock file only. All packages but the lesson are built once:
/// the compiler need not keep what another build could use of them, which is 60 MB for the spider.
fn with_profiles_of(manifest: &str, lock: &str) -> String {
    let is_used = |line: &str| {
        let package = line.split(" = ").next().unwrap_or_default();
        package == "\"*\"" || lock.lines().any(|line| line == format!("name = \"{package}\""))
    };
    let mut section = "";
    let mut text = String::new();
    for line in manifest.lines() {
        section = if line.starts_with('[') { line } else { section };
        if section != "[profile.dev.package]" || line == section || line.is_empty() || is_used(line) {
            text += &line.replace("\"*\" = { ", "\"*\" = { incremental = false, ");
            text.push('\n');
        }
    }
    text
}

/// Changes the version in a line of the manifest. Cargo identifies a package in a target folder by its version and its path
/// in the workspace; with the same version, it would mix up the lesson and its copy.
fn with_another_version(line: &str) -> String {
    match line.strip_prefix("version = \"").and_then(|rest| rest.split_once('"')) {
        Some((version, rest)) => format!("version = \"{version}+try\"{rest}"),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[workspace]\nresolver = \"3\"\nmembers = [\n    # The [lessons].\n    \"crates/a\",\n    \
        \"tests\",\n]\n\n[workspace.package]\nversion = \"0.1.0\"\nrust-version = \"1.88\"\n\n[workspace.dependencies]\n\
        course-tests = { path = \"tests\" }\nserde = { version = \"1.0\" }\n\n[profile.dev]\ndebug = 1\n";

    #[test]
    fn the_copy_is_the_only_member_and_other_settings_do_not_change() {
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
    fn paths_lead_to_the_same_folders() {
        let copy = workspace_of(MANIFEST, "a").unwrap();
        assert!(copy.contains("\ncourse-tests = { path = \"../../tests\" }\n"), "{copy}");
    }

    #[test]
    fn cargo_does_not_mix_up_the_copy_and_the_lesson() {
        let copy = workspace_of(MANIFEST, "a").unwrap();
        assert!(copy.contains("\nversion = \"0.1.0+try\"\n"), "{copy}");
    }

    #[test]
    fn only_the_profiles_of_packages_in_the_lock_file_are_kept_and_dependencies_are_built_once() {
        let manifest = "[profile.dev]\ndebug = 1\n\n[profile.dev.package]\n\"*\" = { debug = false }\n# A reason.\n\
            a = { opt-level = 1 }\nab = { opt-level = 1 }\n\n[profile.release]\nb = 1\n";
        let kept = "[profile.dev]\ndebug = 1\n\n[profile.dev.package]\n\"*\" = { incremental = false, debug = false }\n\
            ab = { opt-level = 1 }\n\n[profile.release]\nb = 1\n";
        assert_eq!(with_profiles_of(manifest, "[[package]]\nname = \"ab\"\n"), kept);
    }

    #[test]
    fn a_manifest_without_a_list_of_members_is_an_error() {
        let error = workspace_of("[package]\nname = \"a\"\n", "a").unwrap_err();
        assert_eq!(error.to_string(), "Cargo.toml has no list of members");
    }
}
