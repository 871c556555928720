//! Puts the chapters and what they link to into one folder, as mdBook wants them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::links::{anchors, links};

/// The list of chapters, from the root of the workspace.
const SUMMARY: &str = "docs/SUMMARY.md";

/// What mdBook is told, from the root of the workspace.
const SETTINGS: [&str; 2] = ["docs/book.toml", "docs/book.css"];

/// These are shown as they are, and not as text.
const PICTURES: [&str; 2] = ["svg", "png"];

/// A chapter of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// The file, from the root of the workspace.
    pub path: PathBuf,
    text: String,
}

/// The chapters, in the order of the summary.
///
/// # Errors
/// When the summary, or a chapter that it names, cannot be read.
pub fn chapters(root: &Path) -> Result<Vec<Chapter>> {
    let summary = read(root, Path::new(SUMMARY))?;
    let folder = Path::new(SUMMARY).parent().unwrap_or(Path::new(""));
    let chapter = |target: &str| {
        let path =
            normal(&folder.join(target)).with_context(|| format!("{target} leads out of the workspace"))?;
        let text = read(root, &path)?;
        Ok(Chapter { path, text })
    };
    links(&summary).iter().map(|link| chapter(link.target)).collect()
}

/// Writes the book's sources and settings into `folder`, which must not be there yet. The result is how many pages it has.
///
/// # Errors
/// When a link leads nowhere, or to a folder; when a file cannot be read or written.
pub fn assemble(root: &Path, folder: &Path) -> Result<usize> {
    let chapters = chapters(root)?;
    let known: BTreeSet<&Path> = chapters.iter().map(|chapter| chapter.path.as_path()).collect();
    let mut book = Book { root, known, shown: BTreeMap::new() };
    let mut pages = Vec::new();
    for chapter in &chapters {
        pages.push((chapter.path.clone(), book.linked_to_pages(chapter)?));
    }
    let source = folder.join("src");
    for (path, text) in &pages {
        write(&source.join(in_the_book(&path.to_string_lossy())), text.as_bytes())?;
    }
    for path in book.shown.keys() {
        if is_picture(path) {
            write(&source.join(path), &fs::read(root.join(path))?)?;
        } else {
            write(&source.join(page_of(path)), page_that_shows(path, &read(root, path)?).as_bytes())?;
        }
    }
    write(&source.join("SUMMARY.md"), book.summary(&read(root, Path::new(SUMMARY))?)?.as_bytes())?;
    for path in SETTINGS.map(Path::new) {
        let name = path.file_name().unwrap_or_default();
        write(&folder.join(name), read(root, path)?.as_bytes())?;
    }
    Ok(pages.len() + book.shown.len())
}

struct Book<'a> {
    root: &'a Path,
    known: BTreeSet<&'a Path>,
    /// Every other file that is linked to, and the chapter that it stands below: its lesson's, or the one that links to
    /// it first.
    shown: BTreeMap<PathBuf, PathBuf>,
}

impl Book<'_> {
    /// The text of a chapter, whose links to other files lead to pages that show them.
    fn linked_to_pages(&mut self, chapter: &Chapter) -> Result<String> {
        let folder = chapter.path.parent().unwrap_or(Path::new(""));
        let mut text = String::new();
        let mut copied = 0;
        for link in links(&chapter.text).into_iter().filter(|link| !link.leads_away()) {
            let (target, anchor) = link.parts();
            let whole = format!("{} links to {}", chapter.path.display(), link.target);
            let path = if target.is_empty() {
                chapter.path.clone()
            } else {
                normal(&folder.join(&target))
                    .with_context(|| format!("{whole}, which is outside the workspace"))?
            };
            ensure!(self.root.join(&path).is_file(), "{whole}, which is no file");
            if let Some(anchor) = anchor {
                let there = anchors(&read(self.root, &path)?).iter().any(|known| known == anchor);
                ensure!(there, "{whole}, where there is no such heading");
            }
            if self.known.contains(path.as_path()) {
                text += &chapter.text[copied..link.place.start];
                text += &in_the_book(link.target);
                copied = link.place.end;
            } else {
                let owner = self.lesson_of(&path).unwrap_or_else(|| chapter.path.clone());
                self.shown.entry(path.clone()).or_insert(owner);
                if !is_picture(&path) {
                    text += &chapter.text[copied..link.place.end];
                    text += ".md";
                    copied = link.place.end;
                }
            }
        }
        Ok(text + &chapter.text[copied..])
    }

    /// The chapter of the lesson that has this file.
    fn lesson_of(&self, path: &Path) -> Option<PathBuf> {
        let readmes = path.ancestors().skip(1).map(|folder| folder.join("README.md"));
        let is_chapter =
            |readme: &PathBuf| readme != Path::new("README.md") && self.known.contains(&**readme);
        readmes.into_iter().find(is_chapter)
    }

    /// The summary as seen from the root, with the pages that show files below their chapters.
    fn summary(&self, summary: &str) -> Result<String> {
        let folder = Path::new(SUMMARY).parent().unwrap_or(Path::new(""));
        let mut whole = String::new();
        for line in summary.lines() {
            let Some(link) = links(line).into_iter().next() else {
                let _ = writeln!(whole, "{line}");
                continue;
            };
            let Some(path) = normal(&folder.join(link.target)) else { bail!("{} is outside", link.target) };
            let (before, after) = (&line[..link.place.start], &line[link.place.end..]);
            let _ = writeln!(whole, "{before}{}{after}", in_the_book(&path.to_string_lossy()));
            // What is no item of a list has nothing below it.
            if line.trim_start().starts_with('-') {
                let below =
                    self.shown.iter().filter(|(file, chapter)| **chapter == path && !is_picture(file));
                for (file, _) in below {
                    let name = shortened(file, &path);
                    let target = page_of(file).display().to_string().replace(' ', "%20");
                    let _ = writeln!(whole, "  - [{name}]({target})");
                }
            }
        }
        let unlisted =
            self.shown.iter().filter(|(file, chapter)| !is_picture(file) && !is_item(summary, chapter));
        let mut unlisted = unlisted.peekable();
        if unlisted.peek().is_some() {
            let _ = writeln!(whole, "\n# Files\n");
        }
        for (file, _) in unlisted {
            let target = page_of(file).display().to_string().replace(' ', "%20");
            let _ = writeln!(whole, "- [{}]({target})", file.display());
        }
        Ok(whole)
    }
}

/// Whether a chapter is an item of the summary's lists.
fn is_item(summary: &str, chapter: &Path) -> bool {
    let folder = Path::new(SUMMARY).parent().unwrap_or(Path::new(""));
    let items = summary.lines().filter(|line| line.trim_start().starts_with('-'));
    items.flat_map(links).any(|link| normal(&folder.join(link.target)).as_deref() == Some(chapter))
}

/// mdBook makes an `index.html` of a `README.md`, but leaves the links to it as they are.
fn in_the_book(target: &str) -> String {
    target.replace("README.md", "index.md")
}

fn is_picture(path: &Path) -> bool {
    path.extension().is_some_and(|end| PICTURES.iter().any(|picture| end == *picture))
}

/// The page that shows a file.
fn page_of(path: &Path) -> PathBuf {
    let mut page = path.as_os_str().to_owned();
    page.push(".md");
    page.into()
}

fn page_that_shows(path: &Path, text: &str) -> String {
    let language = match path.extension().and_then(|end| end.to_str()) {
        Some("rs") => "rust",
        Some("py") => "python",
        Some("toml") => "toml",
        Some("md") => return text.to_owned(),
        _ => "text",
    };
    // mdBook would offer to run it.
    let language = if language == "rust" { "rust,noplayground" } else { language };
    // One more than any in the file.
    format!("# {}\n\n`````{language}\n{}\n`````\n", path.display(), text.trim_end())
}

/// A file's path from the folder of a chapter, if it is below. Of a snapshot, what it is of.
fn shortened(file: &Path, chapter: &Path) -> String {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    if let Some((_, snapshot)) =
        name.rsplit_once("__").filter(|_| file.extension().is_some_and(|end| end == "snap"))
    {
        return format!("snapshot: {snapshot}");
    }
    let folder = chapter.parent().unwrap_or(Path::new(""));
    file.strip_prefix(folder).unwrap_or(file).display().to_string()
}

/// A path without `..`; nothing if it leads out.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => normal.pop().then_some(())?,
            Component::Normal(name) => normal.push(name),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(normal)
}

fn read(root: &Path, path: &Path) -> Result<String> {
    fs::read_to_string(root.join(path)).with_context(|| path.display().to_string())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    fs::write(path, bytes).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace with one lesson, whose README says this.
    fn workspace(readme: &str) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let files = [
            (
                "docs/SUMMARY.md",
                "# Summary\n\n- [kettle](../crates/kettle/README.md)\n- [orders](orders.md)\n",
            ),
            ("docs/book.toml", "[book]\n"),
            ("docs/book.css", ""),
            ("docs/orders.md", "# Orders\n\n## Which are kept\n"),
            ("crates/kettle/README.md", readme),
            ("crates/kettle/src/main.rs", "fn main() {}\n"),
            ("crates/kettle/tests/a b.snap", "boil\n"),
        ];
        for (path, text) in files {
            write(&root.path().join(path), text.as_bytes()).unwrap();
        }
        root
    }

    fn assembled(readme: &str) -> Result<tempfile::TempDir> {
        let root = workspace(readme);
        assemble(root.path(), &root.path().join("book"))?;
        Ok(root)
    }

    #[test]
    fn a_file_that_a_chapter_links_to_is_a_page_below_it() {
        let root = assembled(
            "[it](src/main.rs), [run](tests/a%20b.snap), [kept](../../docs/orders.md#which-are-kept)",
        )
        .unwrap();
        let source = |path: &str| fs::read_to_string(root.path().join("book/src").join(path)).unwrap();
        assert_eq!(
            source("SUMMARY.md"),
            "# Summary\n\n- [kettle](crates/kettle/index.md)\n  - [src/main.rs](crates/kettle/src/main.rs.md)\n  \
             - [tests/a b.snap](crates/kettle/tests/a%20b.snap.md)\n- [orders](docs/orders.md)\n"
        );
        assert_eq!(
            source("crates/kettle/index.md"),
            "[it](src/main.rs.md), [run](tests/a%20b.snap.md), [kept](../../docs/orders.md#which-are-kept)"
        );
        assert!(
            source("crates/kettle/src/main.rs.md").contains("`````rust,noplayground\nfn main() {}\n`````")
        );
    }

    #[test]
    fn a_link_that_leads_nowhere_is_told_with_its_page() {
        for (readme, told) in [
            ("[x](src/lib.rs)", "crates/kettle/README.md links to src/lib.rs, which is no file"),
            ("[x](src)", "links to src, which is no file"),
            ("[x](../../docs/orders.md#kept)", "where there is no such heading"),
            ("[x](../../../x.md)", "outside the workspace"),
        ] {
            let error = format!("{:#}", assembled(readme).unwrap_err());
            assert!(error.contains(told), "{readme}: {error}");
        }
    }
}
