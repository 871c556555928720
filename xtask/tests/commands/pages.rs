//! The pages of this workspace: that nothing in them is stale, and that they make a book.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use xtask::book::{assemble, chapters};
use xtask::readme::{Page, pages};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ has a parent").to_owned()
}

#[test]
fn what_the_pages_pull_is_what_stands_at_its_source() {
    for path in pages(&root()).expect("the pages are there") {
        let page = Page::read(&root(), &path).expect("all that it pulls is there");
        let none: [String; 0] = [];
        assert_eq!(page.stale(), none, "{} is stale: `cargo xtask readme` writes it anew", path.display());
    }
}

#[test]
fn every_link_of_the_book_leads_somewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let pages = assemble(&root(), &folder.path().join("book")).expect("every link leads somewhere");
    // The chapters, and the files that they link to.
    assert!(pages > 50, "the book has {pages} pages");
}

#[test]
fn every_page_is_a_chapter_and_the_lessons_are_in_their_order() {
    let root = root();
    let chapters: Vec<PathBuf> =
        chapters(&root).expect("a summary").into_iter().map(|chapter| chapter.path).collect();
    let pages = pages(&root).expect("the pages are there");
    let pages: BTreeSet<&Path> = pages.iter().map(|page| page.strip_prefix(&root).expect("below")).collect();
    let summary = Path::new("docs/SUMMARY.md");
    let listed: BTreeSet<&Path> = chapters.iter().map(PathBuf::as_path).chain([summary]).collect();
    assert_eq!(
        listed, pages,
        "the chapters that docs/SUMMARY.md lists (left), and the pages that there are (right)"
    );
    let lessons = xtask::lessons::all().expect("cargo tells");
    let in_order: Vec<PathBuf> =
        lessons.iter().map(|lesson| Path::new("crates").join(&lesson.name).join("README.md")).collect();
    let listed: Vec<&PathBuf> = chapters.iter().filter(|path| path.starts_with("crates")).collect();
    assert_eq!(listed, in_order.iter().collect::<Vec<_>>());
}
