//! `cargo xtask readme`: updates what the pages include from elsewhere, or lists what is out of date.
//!
//! The pages are the READMEs of the workspace and the files of `docs/`. What a page includes is between two comments:
//!
//! ```text
//! <!-- include: src/main.rs: fn thread_main -->
//! …
//! <!-- end -->
//! ```
//!
//! What can follow `include:` is described at [`Snippet`].

mod item;
mod page;
mod snippet;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::book::readme::PATH as CHINESE;
use crate::flags::Readme;
use crate::lessons;
pub use page::Page;
pub use snippet::Snippet;

/// Updates the pages; or, with `--check`, lists what is out of date, and returns false if anything is.
///
/// # Errors
/// If a page cannot be read or written, something that it includes does not exist, or standard output is closed.
pub fn run(options: &Readme) -> Result<bool> {
    let root = lessons::root()?;
    let mut out = io::stdout().lock();
    let mut any_stale = false;
    for path in pages(&root)? {
        let page = Page::read(&root, &path)?;
        let shown = path.strip_prefix(&root).unwrap_or(&path).display();
        if !options.check {
            page.write()?;
        }
        for source in page.stale() {
            any_stale = true;
            let state = if options.check { "out of date" } else { "updated" };
            writeln!(out, "{shown}: {source}: {state}")?;
        }
    }
    if options.check && any_stale {
        writeln!(out, "Run `cargo xtask readme` to update the pages.")?;
    }
    out.flush()?;
    Ok(!(options.check && any_stale))
}

/// Updates all pages of the workspace at `root`.
///
/// # Errors
/// If a page cannot be read or written, or something that it includes does not exist.
pub fn regenerate(root: &Path) -> Result<()> {
    pages(root)?.iter().try_for_each(|path| Page::read(root, path)?.write())
}

/// Returns the paths of all pages of the workspace at `root`: its READMEs, and the pages in `docs/`.
///
/// # Errors
/// If a folder cannot be read.
pub fn pages(root: &Path) -> Result<Vec<PathBuf>> {
    let mut pages = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
    for folder in [root.join("crates"), root.join("docs")] {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            pages.push(if path.is_dir() { path.join("README.md") } else { path });
        }
    }
    // It is written from the translation.
    let chinese = root.join(CHINESE);
    pages.retain(|page| *page != chinese);
    pages.retain(|page| page.extension().is_some_and(|end| end == "md") && page.is_file());
    pages.sort();
    Ok(pages)
}
