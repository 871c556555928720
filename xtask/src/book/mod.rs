//! `cargo xtask book`: the pages of the workspace as a book.
//!
//! The chapters stay where they belong, each lesson's in the lesson's own folder, and link to the code and snapshots beside
//! them. mdBook wants all chapters in one folder and shows no other files. So the book is assembled first: a copy of the
//! chapters, in which every file that a chapter links to is a page of its own below that chapter.

mod assembly;
pub mod player;

use std::fs;
use std::io::{self, Write};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::lessons;
use crate::supervisor::{BUILD_LIMIT, Supervisor};

pub use assembly::{assemble, chapters};

/// Assembles the book in `book` in cargo's target folder, and builds it with mdBook.
///
/// # Errors
/// If the target of a link does not exist; if a file cannot be read or written; if mdBook is not installed, or fails.
pub fn run(supervisor: &Supervisor) -> Result<()> {
    let course = lessons::course()?;
    let folder = course.target.join("book");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    assemble(&course.root, &folder)?;
    // mdBook copies what is no chapter.
    player::write_pages(&course, &folder.join("src").join(player::BOOK_FOLDER), supervisor)?;
    let installed =
        Command::new("mdbook").arg("--version").output().is_ok_and(|output| output.status.success());
    ensure!(
        installed,
        "mdbook not found; install it with `cargo install mdbook` (the sources of the book are in {})",
        folder.display()
    );
    let pages = folder.join("html");
    let mut build = Command::new("mdbook");
    build.arg("build").arg("--dest-dir").arg(&pages).arg(&folder);
    let ended = supervisor.run(build, BUILD_LIMIT)?;
    let output = String::from_utf8_lossy(&ended.output);
    ensure!(ended.status.success(), "mdbook failed:\n{output}");
    writeln!(io::stdout(), "Open {}", pages.join("index.html").display())?;
    Ok(())
}
