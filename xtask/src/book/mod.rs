//! `cargo xtask book`: the pages of the workspace as a book.
//!
//! The chapters stand where they belong, each lesson's in the lesson's own folder, and link to code and snapshots beside
//! them. mdBook wants all chapters in one folder, and knows no other files. So the book is assembled first: a copy of the
//! workspace's folders with the chapters in them, in which every file that a chapter links to is a page of its own, below
//! that chapter.

mod assembly;
pub mod links;

use std::fs;
use std::io::{self, Write};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::lessons;
use crate::supervisor::{BUILD_LIMIT, Supervisor};

pub use assembly::{Chapter, assemble, chapters};

/// Assembles the book in the folder `book` of cargo's target folder, and lets mdBook build it.
///
/// # Errors
/// When a link leads nowhere; when a file cannot be read or written; when there is no mdBook, or it fails.
pub fn run(supervisor: &Supervisor) -> Result<()> {
    let course = lessons::course()?;
    let folder = course.target.join("book");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    assemble(&course.root, &folder)?;
    let there = Command::new("mdbook").arg("--version").output().is_ok_and(|output| output.status.success());
    ensure!(
        there,
        "the book is assembled in {}; mdBook, which builds it, is not there: `cargo install mdbook`",
        folder.display()
    );
    let pages = folder.join("html");
    let mut build = Command::new("mdbook");
    build.arg("build").arg("--dest-dir").arg(&pages).arg(&folder);
    let ended = supervisor.run(build, BUILD_LIMIT)?;
    let said = String::from_utf8_lossy(&ended.output);
    ensure!(ended.status.success(), "mdBook fails:\n{said}");
    writeln!(io::stdout(), "The book begins with {}", pages.join("index.html").display())?;
    Ok(())
}
