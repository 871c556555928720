//! The pages of this workspace: they are up to date, and form a book.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use unicode_width::UnicodeWidthStr;
use xtask::book::{Edition, assemble, chapters};
use xtask::markdown::{CODE_COLUMNS, code_blocks};
use xtask::readme::{Page, pages};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ has a parent").to_owned()
}

#[test]
fn every_include_of_the_pages_is_up_to_date() {
    for path in pages(&root()).expect("the pages can be read") {
        let page = Page::read(&root(), &path).expect("everything that it includes exists");
        let none: [String; 0] = [];
        assert_eq!(page.stale(), none, "{} is out of date; run `cargo xtask readme`", path.display());
    }
}

#[test]
fn code_on_the_pages_fits_the_column_of_the_book() {
    for path in pages(&root()).expect("the pages can be read") {
        let page = fs::read_to_string(&path).expect("the page can be read");
        for line in code_blocks(&page).iter().flat_map(|block| block.lines()) {
            let (width, page) = (line.width(), path.display());
            assert!(width <= CODE_COLUMNS, "{page}: {width} columns, at most {CODE_COLUMNS} fit: {line}");
        }
    }
}

#[test]
fn every_link_of_the_book_leads_to_an_existing_file_or_heading() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pages =
        assemble(&root(), &folder.path().join("book"), Edition::Chinese).expect("every link leads somewhere");
    // The chapters, and the files that they link to.
    assert!(pages > 50, "the book has {pages} pages");
}

#[test]
fn every_page_is_a_chapter_and_the_lessons_are_in_their_order() {
    let root = root();
    let chapters = chapters(&root).expect("the summary can be read");
    let pages = pages(&root).expect("the pages can be read");
    let pages: BTreeSet<&Path> = pages.iter().map(|page| page.strip_prefix(&root).expect("below")).collect();
    let summary = Path::new("docs/SUMMARY.md");
    let listed: BTreeSet<&Path> = chapters.iter().map(PathBuf::as_path).chain([summary]).collect();
    assert_eq!(
        listed, pages,
        "the chapters in docs/SUMMARY.md (left) are not the pages in the workspace (right)"
    );
    let lessons = xtask::lessons::all().expect("the lessons");
    let in_order: Vec<PathBuf> =
        lessons.iter().map(|lesson| Path::new("crates").join(&lesson.name).join("README.md")).collect();
    let listed: Vec<&PathBuf> = chapters.iter().filter(|path| path.starts_with("crates")).collect();
    assert_eq!(listed, in_order.iter().collect::<Vec<_>>());
}
