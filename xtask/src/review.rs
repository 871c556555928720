//! `cargo xtask review`: which guarantees a change loses or gains, and what else of the lessons' tests it changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use course_tests::guarantees::stored::{DATA_SUFFIX, Stored, TEST_NAME_PREFIX, body};
use course_tests::trace::scenarios::{ACTORS_FILE, asks_for_less};

use crate::diff::difference;
use crate::files;
use crate::flags::Review;
use crate::guarantees::{
    self, ByTitle, by_title, describe_changes, describe_doubts, is_data, is_of_guarantees,
};
use crate::lessons;
use crate::outputs::{self, Outputs};
use crate::supervisor::Supervisor;
use crate::terminal::print;

/// The folder of the lessons, from the root of the workspace. What is outside of it is not compared: the template of a new
/// lesson has such files, too.
const LESSONS: &str = "crates";

/// The files that are compared, by their paths from the root of the workspace.
type Files = BTreeMap<PathBuf, String>;

/// Prints the changes since a revision, by lesson and scenario. Returns false if a test fails.
///
/// # Errors
/// If git cannot be run, the revision is unknown or stores guarantees only as text, a stored snapshot is broken, cargo cannot
/// be run, standard output was closed, or the run was interrupted.
pub fn run(options: &Review, supervisor: &Supervisor) -> Result<bool> {
    let commit = commit_of(&options.revision)?;
    let before = at_revision(&options.revision, &commit)?;
    let root = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?.trim_end());
    let mut after = in_folder(&root)?;
    let mut known = guarantees_of(&before)?;
    let stored = guarantees_of(&after)?;
    let (now, failure) = if options.stored {
        (stored, None)
    } else {
        let derived = guarantees::derive(&lessons::all()?, &[TEST_NAME_PREFIX, outputs::MODULE], supervisor)?;
        after.extend(derived.new_outputs);
        (derived.guarantees, derived.failure)
    };
    let mut text = String::new();
    if let Some(output) = &failure {
        io::stderr().write_all(output)?;
        for title in known.keys().filter(|title| !now.contains_key(*title)) {
            let _ = writeln!(text, "The guarantees of {title} are unknown: a test failed, see above.");
        }
        text += "What real runs print is unknown where their test failed.\n";
        known.retain(|title, _| now.contains_key(title));
    }
    let changes = describe_changes(&known, &now, usize::MAX);
    let other_changes =
        outputs::describe_changes(&outputs_of(&before), &outputs_of(&after), "no longer tested")
            + &changed_rules(&before, &after);
    text.extend([changes.as_str(), &other_changes, &not_compared(&commit)?]);
    if failure.is_none() && changes.is_empty() {
        let but = if other_changes.is_empty() { "" } else { ", but see above" };
        let _ = writeln!(text, "No guarantee was lost or gained since {}{but}.", options.revision);
    }
    print(&(text + &describe_doubts(&now)))?;
    Ok(failure.is_none())
}

/// Returns the hash of a revision, which cannot be taken for an option or a path.
fn commit_of(revision: &str) -> Result<String> {
    let commit = git(&["rev-parse", "--verify", "--end-of-options", &format!("{revision}^{{commit}}")]);
    Ok(commit.with_context(|| format!("unknown revision `{revision}`"))?.trim_end().to_owned())
}

/// Reads the files of a revision. Prints a note if it stores no guarantees: before the first lesson had a test of them, say.
fn at_revision(revision: &str, commit: &str) -> Result<Files> {
    let files = git(&["ls-tree", "-r", "-z", "--full-tree", "--name-only", commit, LESSONS])?;
    let files: Vec<&Path> = files.split('\0').map(Path::new).collect();
    let has_data = files.iter().any(|file| is_data(file));
    if !has_data && files.iter().any(|file| is_of_guarantees(file)) {
        let later = first_with_data(commit)?.unwrap_or_else(|| "one with files `* (data).snap`".to_owned());
        bail!("{revision} stores its guarantees only as text; choose a later revision, such as {later}");
    }
    if !has_data {
        let later = first_with_data(commit)?.map(|later| format!("; {later} is the first that stores them"));
        let later = later.unwrap_or_default();
        writeln!(io::stderr(), "note: {revision} stores no guarantees, so every scenario is new{later}")?;
    }
    let read = |path: &Path| Ok((path.to_owned(), git(&["show", &format!("{commit}:{}", path.display())])?));
    files.into_iter().filter(|path| is_compared(path)).map(read).collect()
}

/// Reads the files of the working tree.
///
/// # Errors
/// If one cannot be read, or the text of guarantees is not that of their data: half a file, say.
fn in_folder(root: &Path) -> Result<Files> {
    let lessons = root.join(LESSONS);
    let paths = if lessons.exists() { files::below(&lessons)? } else { Vec::new() };
    let mut all = Files::new();
    for path in paths.iter().filter(|path| is_compared(path) || is_of_guarantees(path)) {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        all.insert(path.strip_prefix(root).unwrap_or(path).to_owned(), text);
    }
    for (path, data) in all.iter().filter(|(path, _)| is_data(path)) {
        let words = PathBuf::from(path.to_string_lossy().replace(DATA_SUFFIX, ".snap"));
        let Some(text) = all.get(&words) else { continue };
        ensure!(
            body(text).lines().eq(read(path, data)?.guarantees.words().trim_end().lines()),
            "{} is not the text of {}: it is cut off, or edited; run the tests of the lesson",
            words.display(),
            path.display()
        );
    }
    Ok(all)
}

/// Returns whether a file of a lesson is compared, by its name.
fn is_compared(path: &Path) -> bool {
    is_data(path) || outputs::scenario(path).is_some() || path.ends_with(ACTORS_FILE)
}

fn read(path: &Path, text: &str) -> Result<Stored> {
    Stored::read(text).with_context(|| format!("cannot parse {}", path.display()))
}

fn guarantees_of(files: &Files) -> Result<ByTitle> {
    by_title(files.iter().filter(|(path, _)| is_data(path)).map(|(path, text)| read(path, text)))
}

fn outputs_of(files: &Files) -> Outputs {
    let output = |(path, text): (&PathBuf, &String)| {
        Some((format!("{}, {}", lesson(path), outputs::scenario(path)?), text.clone()))
    };
    files.iter().filter_map(output).collect()
}

/// Returns the name of the lesson that a file belongs to: `crates/NAME/…`.
fn lesson(path: &Path) -> String {
    path.iter().nth(1).unwrap_or_default().to_string_lossy().into_owned()
}

/// Describes the changes of the rules by which the tests of lessons read outputs, files that are new or gone included.
fn changed_rules(before: &Files, after: &Files) -> String {
    let paths: BTreeSet<_> =
        before.keys().chain(after.keys()).filter(|path| path.ends_with(ACTORS_FILE)).collect();
    let mut text = String::new();
    for path in paths {
        let (old, new) = (before.get(path), after.get(path));
        if old == new {
            continue;
        }
        let what = match (old, new) {
            (None, _) => "are new.",
            (_, None) => "are gone: the test declares nothing.",
            (Some(old), Some(new)) if asks_for_less(old, new).unwrap_or_default() => {
                "have changed. The test declares less: fewer dependencies, or more that may vary, or come in any order."
            }
            _ => "have changed.",
        };
        let difference = difference(old.map_or("", String::as_str), new.map_or("", String::as_str));
        let _ = writeln!(text, "The rules in {} {what}\n{difference}", path.display());
    }
    text
}

/// Names the snapshots that are changed or new and are not compared.
fn not_compared(commit: &str) -> Result<String> {
    let changed = git(&["diff", "--name-only", "--no-renames", "-z", commit, "--", ":/*.snap"])?;
    let new = git(&["ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/*.snap"])?;
    let changed = changed + &new;
    let paths = changed.split('\0').filter(|path| {
        let path = Path::new(path);
        let is_compared = path.starts_with(LESSONS) && (is_of_guarantees(path) || is_compared(path));
        !path.as_os_str().is_empty() && !is_compared
    });
    Ok(paths.map(|path| format!("Changed, and not compared here: {path}\n")).collect())
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
        ":/crates/*(data).snap",
    ])?;
    Ok(found.lines().next().map(str::to_owned))
}

fn git(args: &[&str]) -> Result<String> {
    let output = Command::new("git").args(args).output().context("cannot run git")?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "git {}: {}", args[0], error.trim_end());
    Ok(String::from_utf8(output.stdout)?)
}
