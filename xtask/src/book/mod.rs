//! `cargo xtask book`: the pages of the workspace as a book.
//!
//! The chapters stay where they belong, each lesson's in the lesson's own folder, and link to the code and snapshots beside
//! them. mdBook wants all chapters in one folder and shows no other files. So the book is assembled first: a copy of the
//! chapters, in which every file that a chapter links to is a page of its own below that chapter.
//!
//! The Chinese edition is assembled from the same pages; mdbook-gettext then translates its prose.

mod assembly;
mod edition;
pub mod player;
pub mod readme;
mod translatable;
mod translation;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::files::write_atomically;
use crate::flags::{self, Language};
use crate::lessons;
use crate::supervisor::{BUILD_LIMIT, Supervisor};
use crate::terminal::print;

pub use assembly::{assemble, chapters};
pub use edition::Edition;
pub use translation::{LANGUAGE, Translation};

/// The tool that builds a book, and its package.
const MDBOOK: (&str, &str) = ("mdbook", "mdbook");

/// The tool that translates it, and its package.
const GETTEXT: (&str, &str) = ("mdbook-gettext", "mdbook-i18n-helpers");

/// What stands on a page of the Chinese edition that is not translated. It can share headings with others.
const NOT_TRANSLATED: &str = "<p><em>这一页大部分还没有翻译，没有翻译的段落是英文原文。</em></p>\n\n";

/// Builds the book in `book` in cargo's target folder with mdBook: in English, and in Chinese if that is asked for. Or checks
/// the translation, and returns false if it is broken.
///
/// # Errors
/// If the target of a link does not exist; if a file cannot be read or written; if mdBook is not installed, or fails.
pub fn run(options: &flags::Book, supervisor: &Supervisor) -> Result<bool> {
    let course = lessons::course()?;
    let folder = course.target.join("book");
    let (chinese, html) = (folder.join(LANGUAGE), folder.join("html"));
    // A check leaves the pages that were built before.
    let old = if options.check_translation { &chinese } else { &folder };
    if old.exists() {
        fs::remove_dir_all(old).with_context(|| format!("cannot remove {}", old.display()))?;
    }
    if options.check_translation {
        return check(&course.root, &chinese, supervisor);
    }
    let is_chinese = options.language == Language::Chinese;
    let edition = if is_chinese { Edition::EnglishOfTwo } else { Edition::English };
    assemble(&course.root, &folder, edition)?;
    // mdBook copies what is no chapter.
    let players = player::write_pages(&course, &folder.join("src").join(player::BOOK_FOLDER), supervisor)?;
    check_installed(&[MDBOOK], &folder)?;
    mdbook(&folder, &html, &[], supervisor)?;
    if is_chinese {
        build_chinese(&course.root, &chinese, &html.join(LANGUAGE), &players, supervisor)?;
    }
    let first = if is_chinese { html.join(LANGUAGE) } else { html };
    print(&format!("Open {}\n", first.join("index.html").display()))?;
    Ok(true)
}

/// Builds the Chinese edition, and writes the README in Chinese.
fn build_chinese(
    root: &Path,
    folder: &Path,
    html: &Path,
    players: &[PathBuf],
    supervisor: &Supervisor,
) -> Result<()> {
    let translation = Translation::read(root)?;
    assemble(root, folder, Edition::Chinese)?;
    check_installed(&[MDBOOK, GETTEXT], folder)?;
    let source = folder.join("src");
    let pages = translation.coverage(&extract(folder, supervisor)?)?.untranslated_pages;
    for path in pages.iter().filter(|page| !page.ends_with("SUMMARY.md")).map(|page| source.join(page)) {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        fs::write(&path, NOT_TRANSLATED.to_owned() + &text)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    player::write_chinese_pages(root, players, &source.join(player::BOOK_FOLDER))?;
    let title = title(&folder.join("book.toml"))?;
    let title = translation.of(&title);
    let gettext = json!({ "gettext": { "after": ["links"], "po-dir": root.join(translation::FOLDER) } });
    let settings = [
        ("MDBOOK_BOOK", json!({ "title": title, "language": LANGUAGE, "src": "src" }).to_string()),
        ("MDBOOK_PREPROCESSOR", gettext.to_string()),
    ];
    mdbook(folder, html, &settings, supervisor)?;
    let markdown = folder.join("markdown");
    let settings = [&settings[..], &[("MDBOOK_OUTPUT", json!({ "markdown": {} }).to_string())]].concat();
    mdbook(folder, &markdown, &settings, supervisor)?;
    let page = fs::read_to_string(markdown.join("index.md")).context("cannot read the first page")?;
    let path = root.join(readme::PATH);
    write_atomically(&path, &readme::chinese_readme(root, &page))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Returns the title in mdBook's settings.
fn title(settings: &Path) -> Result<String> {
    let read = || -> Result<String> {
        let settings: toml::Table = toml::from_str(&fs::read_to_string(settings)?)?;
        let title = settings.get("book").and_then(|book| book.get("title")).and_then(toml::Value::as_str);
        Ok(title.context("no title of the book")?.to_owned())
    };
    read().with_context(|| format!("cannot read {}", settings.display()))
}

/// Prints how much is translated, and what is broken. Returns false if anything is.
fn check(root: &Path, folder: &Path, supervisor: &Supervisor) -> Result<bool> {
    let translation = Translation::read(root)?;
    assemble(root, folder, Edition::Chinese)?;
    check_installed(&[MDBOOK, GETTEXT], folder)?;
    let coverage = translation.coverage(&extract(folder, supervisor)?)?;
    let faults = translation.faults();
    let broken: String = faults.iter().map(|fault| format!("broken: {fault}\n")).collect();
    print(&format!("{LANGUAGE}: {}{broken}", coverage.report()))?;
    Ok(faults.is_empty())
}

/// Writes the messages of an assembled book to a file, and returns its path.
fn extract(book: &Path, supervisor: &Supervisor) -> Result<PathBuf> {
    let folder = book.join("messages");
    // Without line numbers, which change all the time.
    let output = json!({ "xgettext": { "pot-file": "messages.pot", "granularity": 0 } });
    mdbook(book, &folder, &[("MDBOOK_OUTPUT", output.to_string())], supervisor)?;
    let template = folder.join("messages.pot");
    translation::keep_words(&template)?;
    Ok(template)
}

/// Checks that tools are installed, each with the package that has it, before they are run on an assembled book.
fn check_installed(tools: &[(&str, &str)], book: &Path) -> Result<()> {
    for (tool, package) in tools {
        // mdbook-gettext knows no `--version`, but it starts.
        ensure!(
            Command::new(tool).arg("--version").output().is_ok(),
            "{tool} not found; install it with `cargo install {package}` (the sources of the book are in {})",
            book.display()
        );
    }
    Ok(())
}

/// Runs mdBook on an assembled book, with settings besides those of its `book.toml`.
fn mdbook(book: &Path, to: &Path, settings: &[(&str, String)], supervisor: &Supervisor) -> Result<()> {
    let mut build = Command::new("mdbook");
    build.envs(settings.iter().cloned()).arg("build").arg("--dest-dir").arg(to).arg(book);
    let ended = supervisor.run(build, BUILD_LIMIT)?;
    let output = String::from_utf8_lossy(&ended.output);
    ensure!(ended.status.success(), "mdbook failed:\n{output}");
    Ok(())
}
