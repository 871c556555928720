//! What a page can pull.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use course_tests::guarantees::body;

use super::excerpt;
use crate::files::below;
use crate::measured::Record;

/// A chain of lines that is longer is broken, so that it can be read on a narrow page.
const WIDEST: usize = 100;

/// What stands before a line of a chain.
const ARROW: &str = "  →  ";

/// Something that a page pulls. It is named by one of these:
///
/// - `src/main.rs: fn task, fn main`: these items of a file, by the words with which they begin;
/// - `wrong/join_forgotten.rs`: a whole file;
/// - `run of thread`: the snapshot of the lesson's tidied output, by its name;
/// - `guarantees`, `guarantees of two threads`: the snapshot of what the lesson promises; `guarantees of two threads:
///   always, may be missing`: some of its sections;
/// - `coincidences`, `mistakes`: the lesson's rows of that name in the record of measured figures;
/// - `measured start`: all figures of that name in the record, and where they were measured.
///
/// A page that is no lesson's says whose it is: `in daemon: src/main.rs: fn foo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file, or items of it.
    File(PathBuf, Vec<String>),
    /// A snapshot that ends so, or sections of it.
    Snapshot(String, Vec<String>),
    /// Counted rows of the page's lesson.
    Counts(String),
    /// All figures about something.
    Measured(String),
}

impl Source {
    /// Reads the name of a source.
    ///
    /// # Errors
    /// When it names none.
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
        if matches!(whole, "coincidences" | "mistakes") {
            return Ok(Self::Counts(whole.to_owned()));
        }
        let path = PathBuf::from(whole);
        ensure!(path.extension().is_some(), "is neither a file nor anything else that can be pulled");
        Ok(Self::File(path, parts))
    }

    /// The Markdown that stands for it on a page in `folder`, of the workspace at `root`.
    ///
    /// # Errors
    /// When it is not there.
    pub fn pull(&self, root: &Path, folder: &Path) -> Result<String> {
        match self {
            Self::File(path, items) => file(&folder.join(path), items),
            Self::Snapshot(end, sections) => snapshot(&folder.join("tests"), end, sections),
            Self::Counts(about) => {
                let lesson = folder.file_name().unwrap_or_default().to_string_lossy();
                Record::read(root)?.counts_in_markdown(about, &lesson)
            }
            Self::Measured(about) => Record::read(root)?.in_markdown(about),
        }
    }
}

fn file(path: &Path, items: &[String]) -> Result<String> {
    let text = fs::read_to_string(path).context("it cannot be read")?;
    let language = match path.extension().and_then(|end| end.to_str()) {
        Some("rs") => "rust",
        Some("py") => "python",
        Some(other) => other,
        None => "",
    };
    let python = language == "python";
    let found =
        |words: &String| excerpt::item(&text, words, python).with_context(|| format!("it has no `{words}`"));
    let taken = match items {
        [] => text.clone(),
        _ => {
            items.iter().map(found).collect::<Result<Vec<_>>>()?.join(if python { "\n\n\n" } else { "\n\n" })
        }
    };
    Ok(format!("```{language}\n{}\n```", taken.trim_end()))
}

fn snapshot(tests: &Path, end: &str, sections: &[String]) -> Result<String> {
    let name = format!("{end}.snap");
    let found = below(tests)
        .with_context(|| tests.display().to_string())?
        .into_iter()
        .filter(|path| path.to_string_lossy().ends_with(&name));
    let found: Vec<PathBuf> = found.collect();
    let [path] = &found[..] else { bail!("there are {} snapshots whose names end so", found.len()) };
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let lines: Vec<String> = chosen(body(&text), sections)?.lines().flat_map(broken).collect();
    Ok(format!("```text\n{}\n```", lines.join("\n").trim_end()))
}

/// The head of a snapshot, and of its sections those that are named; all of it if none is.
fn chosen(text: &str, sections: &[String]) -> Result<String> {
    if sections.is_empty() {
        return Ok(text.to_owned());
    }
    let blocks: Vec<&str> = text.split("\n\n").collect();
    let wanted = sections.iter().map(|section| {
        let title = |block: &&&str| block.lines().next() == Some(section);
        blocks.iter().find(title).copied().with_context(|| format!("it has no section `{section}`"))
    });
    let wanted: Vec<&str> =
        blocks.first().copied().map(Ok).into_iter().chain(wanted).collect::<Result<_>>()?;
    Ok(wanted.join("\n\n"))
}

/// A chain of lines in as many rows as it needs.
fn broken(line: &str) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for (place, link) in line.split(ARROW).enumerate() {
        let arrow = if place > 0 { ARROW } else { "" };
        match rows.last_mut() {
            Some(row) if unicode_width::UnicodeWidthStr::width(&*format!("{row}{arrow}{link}")) <= WIDEST => {
                row.extend([arrow, link]);
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
    fn a_source_is_read_by_its_name() {
        let of = |name| Source::parse(name).unwrap();
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        assert_eq!(of("src/main.rs"), Source::File("src/main.rs".into(), Vec::new()));
        assert_eq!(
            of("src/main.rs: fn a, fn b"),
            Source::File("src/main.rs".into(), words(&["fn a", "fn b"]))
        );
        assert_eq!(of("run of thread"), Source::Snapshot("__thread".into(), Vec::new()));
        assert_eq!(of("guarantees: always"), Source::Snapshot("__guarantees".into(), words(&["always"])));
        assert_eq!(of("coincidences"), Source::Counts("coincidences".into()));
        assert_eq!(of("measured start"), Source::Measured("start".into()));
        assert!(Source::parse("nothing").is_err());
    }

    #[test]
    fn a_long_chain_is_broken_before_its_arrows_and_a_short_one_is_not() {
        let link = "x".repeat(45);
        assert_eq!(broken(&format!("  {link}  →  {link}")), [format!("  {link}  →  {link}")]);
        assert_eq!(
            broken(&format!("  {link}  →  {link}  →  {link}  →  b")),
            [format!("  {link}  →  {link}"), format!("      →  {link}  →  b")]
        );
    }

    #[test]
    fn sections_are_chosen_by_their_titles() {
        let text = "2 outputs\n\nalways\n  a\n\nmay be missing\n  b";
        assert_eq!(chosen(text, &["may be missing".to_owned()]).unwrap(), "2 outputs\n\nmay be missing\n  b");
        assert_eq!(chosen(text, &[]).unwrap(), text);
        assert!(chosen(text, &["never".to_owned()]).is_err());
    }
}
