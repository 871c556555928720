//! `cargo xtask new`: creates a lesson from a template.
//!
//! It writes the files of the lesson and no others. The lists of lessons follow from the manifests: cargo updates the lock
//! file, and `cargo xtask readme` the pages.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};

use crate::cargo::cargo;
use crate::files;
use crate::flags::New;
use crate::lessons::{self, Course};
use crate::readme;
use crate::supervisor::{BUILD_LIMIT, Supervisor};

/// The files of a lesson: their paths in its folder, and their texts.
const TEMPLATE: [(&str, &str); 15] = [
    ("Cargo.toml", include_str!("template/manifest.toml")),
    ("README.md", include_str!("template/README.md")),
    ("src/main.rs", include_str!("template/src/main.rs")),
    ("python/THE_LESSON.py", include_str!("template/python/twin.py")),
    ("tests/play.toml", include_str!("template/tests/play.toml")),
    ("tests/lesson/main.rs", include_str!("template/tests/lesson/main.rs")),
    ("tests/lesson/actors.rs", include_str!("template/tests/lesson/actors.rs")),
    ("tests/lesson/actors.toml", include_str!("template/tests/lesson/actors.toml")),
    ("tests/lesson/coincidences.rs", include_str!("template/tests/lesson/coincidences.rs")),
    ("tests/lesson/guarantees.rs", include_str!("template/tests/lesson/guarantees.rs")),
    ("tests/lesson/python_twin.rs", include_str!("template/tests/lesson/python_twin.rs")),
    ("tests/lesson/real_run.rs", include_str!("template/tests/lesson/real_run.rs")),
    // Not `.snap` in the template: `.ci/run` looks for snapshots that no test reads.
    (
        "tests/lesson/snapshots/lesson__real_run__thread.snap",
        include_str!("template/tests/lesson/snapshots/real_run.txt"),
    ),
    (
        "tests/lesson/snapshots/lesson__guarantees__guarantees.snap",
        include_str!("template/tests/lesson/snapshots/guarantees.txt"),
    ),
    (
        "tests/lesson/snapshots/lesson__guarantees__guarantees (data).snap",
        include_str!("template/tests/lesson/snapshots/guarantees_data.txt"),
    ),
];

/// Creates the lesson, and prints what to do next.
///
/// # Errors
/// If the name is taken or cargo rejects it, a file cannot be written, or the supervisor has stopped. Everything is then as
/// it was before, unless the error says that it is not.
pub fn run(options: &New, supervisor: &Supervisor) -> Result<()> {
    let name = &options.name;
    let course = lessons::course()?;
    let lock = fs::read_to_string(course.root.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let taken = lock.lines().any(|line| line == format!("name = \"{name}\""));
    ensure!(!taken, "there is already a package named {name}; choose another name");
    let folder = course.root.join("crates").join(name);
    ensure!(!folder.exists(), "crates/{name} already exists; choose another name");
    let before = Before::read(&course.root, &folder)?;
    let unfinished = supervisor.delay_exit();
    if let Err(error) = create(&folder, options, &course, supervisor) {
        return Err(match before.restore() {
            Ok(()) => error,
            Err(second) => anyhow!("{error:#}; this could not be undone: {second:#}"),
        });
    }
    drop(unfinished);
    print_next_steps(name)?;
    Ok(())
}

fn create(folder: &Path, options: &New, course: &Course, supervisor: &Supervisor) -> Result<()> {
    let cargo = |args: &[&str]| cargo_succeeds(args, &course.root, supervisor);
    // Only for its check of the name: the template replaces the files.
    cargo(&["new", "--quiet", "--vcs", "none", &format!("crates/{}", options.name)])?;
    fill(folder, options, next_order(course))?;
    // Adds the lesson to Cargo.lock. It has no dependency that is not there already.
    cargo(&["metadata", "--quiet", "--offline", "--format-version=1"])?;
    readme::regenerate(&course.root)?;
    ensure!(!supervisor.has_stopped(), "interrupted");
    Ok(())
}

/// The workspace before the lesson is created.
struct Before<'a> {
    /// The folder of the lesson, which does not exist yet.
    folder: &'a Path,
    /// The files that cargo and `cargo xtask readme` change.
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl<'a> Before<'a> {
    fn read(root: &Path, folder: &'a Path) -> Result<Self> {
        let mut paths = readme::pages(root)?;
        paths.extend(["Cargo.toml", "Cargo.lock"].map(|file| root.join(file)));
        let read = |path: PathBuf| -> Result<_> {
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok((path, bytes))
        };
        Ok(Self { folder, files: paths.into_iter().map(read).collect::<Result<_>>()? })
    }

    /// Removes the folder, and restores the files that have changed.
    fn restore(&self) -> Result<()> {
        let removed = if self.folder.exists() {
            fs::remove_dir_all(self.folder)
                .with_context(|| format!("cannot remove {}", self.folder.display()))
        } else {
            Ok(())
        };
        for (path, bytes) in &self.files {
            if fs::read(path).ok().as_ref() != Some(bytes) {
                fs::write(path, bytes).with_context(|| format!("cannot restore {}", path.display()))?;
            }
        }
        removed
    }
}

fn next_order(course: &Course) -> u32 {
    course.lessons.iter().filter_map(|lesson| lesson.entry().order).max().map_or(1, |last| last + 1)
}

/// Writes the files of the template, and replaces the placeholders with the name, the description and the order.
fn fill(folder: &Path, options: &New, order: u32) -> Result<()> {
    let fill_in = |text: &str| {
        text.replace("THE_LESSON", &options.name)
            .replace("THE_DESCRIPTION", &options.about)
            .replace("THE_ORDER", &order.to_string())
    };
    for (file, text) in TEMPLATE {
        let path = folder.join(fill_in(file));
        files::write(&path, fill_in(text).as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn cargo_succeeds(args: &[&str], root: &Path, supervisor: &Supervisor) -> Result<()> {
    let mut command = cargo();
    command.args(args).current_dir(root);
    let ended = supervisor.run(command, BUILD_LIMIT).context("cannot run cargo")?;
    let output = String::from_utf8_lossy(&ended.output);
    // The notes are about cargo's options.
    let error = output.split("\nnote:").next().unwrap_or_default().trim();
    ensure!(ended.status.success(), "`cargo {}` failed: {error}", args[0]);
    Ok(())
}

fn print_next_steps(name: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "Created the lesson {name} in crates/{name}. It passes all checks as it is.")?;
    writeln!(
        out,
        "Next, edit src/main.rs, README.md and tests/lesson/actors.toml (which actor prints which line),"
    )?;
    writeln!(out, "then run `cargo test -p {name}` and `cargo test -p course-tests`.")?;
    out.flush()
}
