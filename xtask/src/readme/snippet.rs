//! What a page can include.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use course_tests::guarantees::stored::{DATA_SUFFIX, Stored, body};
use course_tests::mistakes::frequency::{COINCIDENCES, MISTAKES};
use unicode_width::UnicodeWidthStr;

use super::item::item;
use crate::files::below;
use crate::lessons::{Lesson, course_in};
use crate::markdown::CODE_COLUMNS;
use crate::record::Record;
use crate::scene::exercises_in;

/// What joins the lines of a chain.
const ARROW: &str = "  →  ";

/// Something that a page includes. It has one of these names:
///
/// - `src/main.rs: fn task, fn main`: these items of a file, by the words that they begin with;
/// - `wrong/join_forgotten.rs`: a whole file;
/// - `run of thread`: the snapshot of the lesson's output with this name;
/// - `guarantees`, `guarantees of two threads`: the snapshot of the lesson's guarantees; `guarantees of two threads:
///   always, may be missing`: some of its sections;
/// - `coincidences`, `mistakes`: the lesson's rows of that name in the recorded figures;
/// - `measured start`: all recorded figures of that name, and where they were measured;
/// - `exercises`: the list of the lesson's exercises;
/// - `lessons`: the table of all lessons; `chapters`: the list of their pages.
///
/// On a page that is not a lesson's, the lesson comes first: `in daemon: src/main.rs: fn foo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Snippet {
    /// A file, or items of it.
    File(PathBuf, Vec<String>),
    /// The snapshot whose name ends like this, or sections of it.
    Snapshot(String, Vec<String>),
    /// The rows of the page's lesson.
    Counts(String),
    /// All figures of a kind.
    Measured(String),
    /// The list of the lesson's exercises.
    Exercises,
    /// The table of all lessons.
    Lessons,
    /// The list of all lessons' pages.
    Chapters,
}

impl Snippet {
    /// Parses the name of a snippet.
    ///
    /// # Errors
    /// If it is not the name of a snippet.
    pub fn parse(name: &str) -> Result<Self> {
        let (whole, parts) = name.split_once(": ").unwrap_or((name, ""));
        let parts = parts.split(", ").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        if let Some(run) = whole.strip_prefix("run of ") {
            return Ok(Self::Snapshot(format!("__{run}"), parts));
        }
        if whole == "guarantees" || whole.starts_with("guarantees of ") {
            return Ok(Self::Snapshot(format!("__{whole}"), parts));
        }
        if let Some(about) = whole.strip_prefix("measured ") {
            return Ok(Self::Measured(about.to_owned()));
        }
        match whole {
            COINCIDENCES | MISTAKES => Ok(Self::Counts(whole.to_owned())),
            "exercises" => Ok(Self::Exercises),
            "lessons" => Ok(Self::Lessons),
            "chapters" => Ok(Self::Chapters),
            _ => {
                let path = PathBuf::from(whole);
                ensure!(path.extension().is_some(), "unknown include; see xtask/src/readme/snippet.rs");
                Ok(Self::File(path, parts))
            }
        }
    }

    /// Returns the Markdown that a page in `folder` includes, in the workspace at `root`.
    ///
    /// # Errors
    /// If it does not exist.
    pub fn resolve(&self, root: &Path, folder: &Path) -> Result<String> {
        match self {
            Self::File(path, items) => file(&folder.join(path), items),
            Self::Snapshot(end, sections) => snapshot(&folder.join("tests"), end, sections),
            Self::Counts(about) => {
                let lesson = folder.file_name().unwrap_or_default().to_string_lossy();
                Ok(Record::read(root)?.counts_in_markdown(about, &lesson))
            }
            Self::Measured(about) => Record::read(root)?.in_markdown(about),
            Self::Exercises => exercises(folder),
            Self::Lessons => Ok(table(&course_in(root)?.lessons)),
            Self::Chapters => Ok(chapters(&course_in(root)?.lessons)),
        }
    }
}

/// The list of a lesson's exercises for its page.
fn exercises(folder: &Path) -> Result<String> {
    let mut list = String::new();
    for exercise in exercises_in(folder)? {
        let (name, title) = (&exercise.name, exercise.title()?);
        let _ = writeln!(list, "- [{title}](exercises/{name}.rs): `cargo xtask exercise {name}`");
    }
    Ok(list)
}

/// The table of lessons for the README at the root of the workspace.
fn table(lessons: &[Lesson]) -> String {
    let mut table = "| lesson | in Python | in Rust |\n|---|---|---|\n".to_owned();
    for lesson in lessons {
        let (name, entry) = (&lesson.name, lesson.entry());
        let _ = writeln!(table, "| [{name}](crates/{name}/README.md) | {} | {} |", entry.python, entry.rust);
    }
    table
}

/// The list of the lessons' pages for the summary in `docs/`.
fn chapters(lessons: &[Lesson]) -> String {
    lessons.iter().map(|Lesson { name, .. }| format!("- [{name}](../crates/{name}/README.md)\n")).collect()
}

fn file(path: &Path, items: &[String]) -> Result<String> {
    let text = fs::read_to_string(path).context("cannot read the file")?;
    let language = match path.extension().and_then(|end| end.to_str()) {
        Some("rs") => "rust",
        Some("py") => "python",
        Some(other) => other,
        None => "",
    };
    let python = language == "python";
    let find = |words: &String| item(&text, words, python).with_context(|| format!("`{words}` not found"));
    let code = if items.is_empty() {
        text.clone()
    } else {
        let between = if python { "\n\n\n" } else { "\n\n" };
        items.iter().map(find).collect::<Result<Vec<_>>>()?.join(between)
    };
    Ok(format!("```{language}\n{}\n```", code.trim_end()))
}

fn snapshot(tests: &Path, end: &str, sections: &[String]) -> Result<String> {
    // The words of guarantees are a view of the data, from which sections can be chosen.
    let name = if sections.is_empty() { format!("{end}.snap") } else { format!("{end}{DATA_SUFFIX}") };
    let found = below(tests)
        .with_context(|| format!("cannot read {}", tests.display()))?
        .into_iter()
        .filter(|path| path.to_string_lossy().ends_with(&name));
    let found: Vec<PathBuf> = found.collect();
    let [path] = &found[..] else {
        bail!("tests/ has {} snapshots whose name ends with `{name}`; it should have one", found.len())
    };
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = if sections.is_empty() {
        body(&text).to_owned()
    } else {
        let guarantees = Stored::read(&text)?.guarantees;
        guarantees.words_of(sections).with_context(|| format!("no section {}", sections.join(" or ")))?
    };
    let lines: Vec<String> = text.lines().flat_map(wrapped).collect();
    Ok(format!("```text\n{}\n```", lines.join("\n").trim_end()))
}

/// Wraps a chain of lines (`a  →  b  →  c`) before an arrow where it is wider than the page.
fn wrapped(line: &str) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for link in line.split(ARROW) {
        match rows.last_mut() {
            Some(row) if row.width() + ARROW.width() + link.width() <= CODE_COLUMNS => {
                row.extend([ARROW, link]);
            }
            Some(_) => rows.push(format!("      →  {link}")),
            None => rows.push(link.to_owned()),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_parsed_from_its_name() {
        let of = |name| Snippet::parse(name).unwrap();
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        assert_eq!(of("src/main.rs"), Snippet::File("src/main.rs".into(), Vec::new()));
        assert_eq!(
            of("src/main.rs: fn a, fn b"),
            Snippet::File("src/main.rs".into(), words(&["fn a", "fn b"]))
        );
        assert_eq!(of("run of thread"), Snippet::Snapshot("__thread".into(), Vec::new()));
        assert_eq!(of("guarantees: always"), Snippet::Snapshot("__guarantees".into(), words(&["always"])));
        assert_eq!(of("mistakes"), Snippet::Counts("mistakes".into()));
        assert_eq!(of("measured start"), Snippet::Measured("start".into()));
        assert_eq!(of("lessons"), Snippet::Lessons);
        assert!(Snippet::parse("nothing").is_err());
    }

    #[test]
    fn a_long_chain_is_wrapped_before_its_arrows() {
        let link = "x".repeat(45);
        assert_eq!(wrapped(&format!("  {link}  →  {link}")), [format!("  {link}  →  {link}")]);
        assert_eq!(
            wrapped(&format!("  {link}  →  {link}  →  {link}  →  b")),
            [format!("  {link}  →  {link}"), format!("      →  {link}  →  b")]
        );
    }
}
