//! Assembles the chapters, and the files that they link to, in one folder for mdBook.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::edition::Edition;
use super::player::{BOOK_FOLDER, page_name};
use super::readme;
use crate::files;
use crate::markdown::{Link, anchors, links, with_targets};
use crate::scene::{self, Kind, PLAY};

/// The list of chapters, from the root of the workspace.
const SUMMARY: &str = "docs/SUMMARY.md";

/// mdBook's settings, from the root of the workspace.
const SETTINGS: [&str; 2] = ["docs/book.toml", "docs/book.css"];

/// The extensions of pictures, which are copied as they are.
const PICTURES: [&str; 2] = ["svg", "png"];

/// Returns the paths of the chapters from the root of the workspace, in the order of the summary.
///
/// # Errors
/// If the summary cannot be read, or links to a file outside the workspace.
pub fn chapters(root: &Path) -> Result<Vec<PathBuf>> {
    let summary = read(root, Path::new(SUMMARY))?;
    links(&summary).iter().map(|link| resolve(Path::new(SUMMARY), link.target)).collect()
}

/// Writes the sources and the settings of the book into the new folder `folder`. Returns the number of pages.
///
/// # Errors
/// If a link leads to a file or heading that does not exist, or a file cannot be read or written.
pub fn assemble(root: &Path, folder: &Path, edition: Edition) -> Result<usize> {
    let chapters = chapters(root)?;
    let mut book = Book { root, chapters: chapters.iter().cloned().collect(), files: BTreeMap::new() };
    let source = folder.join("src");
    for path in &chapters {
        let text = read(root, path)?;
        let text = book.with_links_to_pages(path, text.strip_prefix(readme::LINK).unwrap_or(&text))?;
        let page = in_the_book(&path.to_string_lossy());
        write(&source.join(&page), edition.page(Path::new(&page), &text).as_bytes())?;
    }
    for path in book.files.keys() {
        if is_picture(path) {
            write(&source.join(path), &fs::read(root.join(path))?)?;
        } else {
            let text = page_that_shows(root, path, &read(root, path)?)?;
            let page = page_of(path);
            write(&source.join(&page), edition.page(&page, &text).as_bytes())?;
        }
    }
    write(&source.join("SUMMARY.md"), book.summary()?.as_bytes())?;
    for path in SETTINGS.map(Path::new) {
        let name = path.file_name().unwrap_or_default();
        write(&folder.join(name), read(root, path)?.as_bytes())?;
    }
    Ok(chapters.len() + book.files.len())
}

struct Book<'a> {
    root: &'a Path,
    chapters: BTreeSet<PathBuf>,
    /// Every other file that a chapter links to, and the chapter that it is listed below: its lesson's, or the first that
    /// links to it.
    files: BTreeMap<PathBuf, PathBuf>,
}

impl Book<'_> {
    /// Returns the text of a chapter with its links to other files leading to the pages that show them.
    fn with_links_to_pages(&mut self, chapter: &Path, text: &str) -> Result<String> {
        with_targets(text, |link| {
            let path = self
                .target(chapter, text, link)
                .with_context(|| format!("{} links to {}", chapter.display(), link.target))?;
            if self.chapters.contains(&path) {
                return Ok(in_the_book(link.target));
            }
            let end = if is_picture(&path) { "" } else { ".md" };
            let owner = self.lesson_of(&path).unwrap_or_else(|| chapter.to_owned());
            self.files.entry(path).or_insert(owner);
            Ok(format!("{}{end}", link.target))
        })
    }

    /// Returns the path of the file that a link in `chapter` leads to.
    fn target(&self, chapter: &Path, text: &str, link: &Link) -> Result<PathBuf> {
        let (target, anchor) = link.parts();
        let path = if target.is_empty() { chapter.to_owned() } else { resolve(chapter, &target)? };
        ensure!(self.root.join(&path).is_file(), "file not found: {}", path.display());
        if let Some(anchor) = anchor {
            let anchors = if path == chapter { anchors(text) } else { anchors(&read(self.root, &path)?) };
            ensure!(anchors.iter().any(|known| known == anchor), "heading not found: #{anchor}");
        }
        Ok(path)
    }

    /// Returns the chapter of the lesson that a file belongs to.
    fn lesson_of(&self, path: &Path) -> Option<PathBuf> {
        let readmes = path.ancestors().skip(1).map(|folder| folder.join("README.md"));
        let is_chapter =
            |readme: &PathBuf| readme != Path::new("README.md") && self.chapters.contains(readme);
        readmes.into_iter().find(is_chapter)
    }

    /// Returns the summary with paths from the root, and with the pages of files below their chapters. The files of
    /// chapters that are not in a list come last.
    fn summary(&self) -> Result<String> {
        let mut whole = String::new();
        let mut listed = BTreeSet::new();
        for line in read(self.root, Path::new(SUMMARY))?.lines().filter(|line| !line.starts_with("<!--")) {
            let Some(link) = links(line).into_iter().next() else {
                let _ = writeln!(whole, "{line}");
                continue;
            };
            let chapter = resolve(Path::new(SUMMARY), link.target)?;
            let (before, after) = (&line[..link.range.start], &line[link.range.end..]);
            let _ = writeln!(whole, "{before}{}{after}", in_the_book(&chapter.to_string_lossy()));
            if line.trim_start().starts_with('-') {
                for file in self.pages_below(|owner| *owner == chapter) {
                    let _ = writeln!(whole, "  {}", item(&short_name(file, &chapter), file));
                }
                listed.insert(chapter);
            }
        }
        let others = self.pages_below(|owner| !listed.contains(owner));
        if !others.is_empty() {
            let _ = writeln!(whole, "\n# Files\n");
        }
        for file in others {
            let _ = writeln!(whole, "{}", item(&file.display().to_string(), file));
        }
        Ok(whole)
    }

    /// Returns the files, pictures excluded, of the chapters for which `is_meant` returns true.
    fn pages_below(&self, is_meant: impl Fn(&PathBuf) -> bool) -> Vec<&Path> {
        let files = self.files.iter().filter(|(file, owner)| is_meant(owner) && !is_picture(file));
        files.map(|(file, _)| file.as_path()).collect()
    }
}

/// An item of the summary that leads to the page of `file`.
fn item(name: &str, file: &Path) -> String {
    format!("- [{name}]({})", page_of(file).display().to_string().replace(' ', "%20"))
}

/// mdBook turns a `README.md` into an `index.html`, but does not change the links to it.
fn in_the_book(target: &str) -> String {
    target.replace("README.md", "index.md")
}

fn is_picture(path: &Path) -> bool {
    path.extension().is_some_and(|end| PICTURES.iter().any(|picture| end == *picture))
}

/// Returns the path of the page that shows a file.
fn page_of(path: &Path) -> PathBuf {
    let mut page = path.as_os_str().to_owned();
    page.push(".md");
    page.into()
}

fn page_that_shows(root: &Path, path: &Path, text: &str) -> Result<String> {
    let language = match path.extension().and_then(|end| end.to_str()) {
        // Otherwise mdBook offers to run it.
        Some("rs") => "rust,noplayground",
        Some("py") => "python",
        Some("toml") => "toml",
        Some("md") => return Ok(text.to_owned()),
        _ => "text",
    };
    let play = links_to_players(root, path)?;
    // A longer fence than any in the file.
    Ok(format!("# {}\n\n{play}`````{language}\n{}\n`````\n", path.display(), text.trim_end()))
}

/// Returns a list of the scenes that the file describes: the player's pages.
fn links_to_players(root: &Path, path: &Path) -> Result<String> {
    let Some(folder) = path.ancestors().nth(2) else { return Ok(String::new()) };
    let lesson = folder.file_name().unwrap_or_default().to_string_lossy();
    let mut scenes = scene::scenes_in(&root.join(folder), &lesson)?;
    scenes.retain(|scene| {
        path.ends_with(PLAY) || scene.source == root.join(path) && scene.kind == Kind::Mistake
    });
    let up = "../".repeat(path.components().count() - 1);
    let mut list = String::new();
    for scene in &scenes {
        let _ = writeln!(list, "- Play: [{}]({up}{BOOK_FOLDER}/{})", scene.title, page_name(scene));
    }
    Ok(if list.is_empty() { list } else { list + "\n" })
}

/// Returns the name under which the summary lists a file: its path from the folder of the chapter, or, for a snapshot, the
/// snapshot's name.
fn short_name(file: &Path, chapter: &Path) -> String {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    if let Some((_, snapshot)) =
        name.rsplit_once("__").filter(|_| file.extension().is_some_and(|end| end == "snap"))
    {
        return format!("snapshot: {snapshot}");
    }
    if file.ends_with(PLAY) {
        return "play it".to_owned();
    }
    let folder = chapter.parent().unwrap_or(Path::new(""));
    file.strip_prefix(folder).unwrap_or(file).display().to_string()
}

/// Returns the path that a link in the file `from` leads to, without `..`.
fn resolve(from: &Path, target: &str) -> Result<PathBuf> {
    let mut path = PathBuf::new();
    for part in from.parent().unwrap_or(Path::new("")).join(target).components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::ParentDir if path.pop() => {}
            _ => anyhow::bail!("{target} is outside the workspace"),
        }
    }
    Ok(path)
}

fn read(root: &Path, path: &Path) -> Result<String> {
    fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    files::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace with one lesson, which has this README.
    fn workspace(readme: &str) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let files = [
            (
                "docs/SUMMARY.md",
                "# Summary\n\n<!-- include: chapters -->\n- [kettle](../crates/kettle/README.md)\n<!-- end -->\n\n\
                 # More\n\n- [orders](orders.md)\n",
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
        assemble(root.path(), &root.path().join("book"), Edition::English)?;
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
             - [tests/a b.snap](crates/kettle/tests/a%20b.snap.md)\n\n# More\n\n- [orders](docs/orders.md)\n"
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
    fn a_broken_link_is_an_error_that_names_its_page() {
        let before = "crates/kettle/README.md links to ";
        for (readme, why) in [
            ("[x](src/lib.rs)", "src/lib.rs: file not found: crates/kettle/src/lib.rs"),
            ("[x](src)", "src: file not found: crates/kettle/src"),
            ("[x](../../docs/orders.md#kept)", "../../docs/orders.md#kept: heading not found: #kept"),
            ("[x](../../../x.md)", "../../../x.md: ../../../x.md is outside the workspace"),
        ] {
            assert_eq!(format!("{:#}", assembled(readme).unwrap_err()), format!("{before}{why}"));
        }
    }
}
