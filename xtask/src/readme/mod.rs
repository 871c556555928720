//! `cargo xtask readme`: writes anew what the pages have pulled from elsewhere, or says what is stale.
//!
//! A page is a README of the workspace or a file of `docs/`. What it pulls stands between two comments:
//!
//! ```text
//! <!-- include: src/main.rs: fn thread_main -->
//! …
//! <!-- end -->
//! ```
//!
//! What can stand behind `pulled:` is told by [`Snippet`].

mod excerpt;
mod snippet;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::files::write_atomically;
use crate::lessons;
pub use snippet::Snippet;

// Each on a line of its own.
const BEGINS: &str = "\n<!-- include: ";
const CLOSES: &str = " -->";
const ENDS: &str = "\n<!-- end -->";

/// Write anew what the pages pull from the code, the snapshots and the measured figures.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Readme {
    /// Write nothing; say what is stale, and fail if anything is
    #[arg(long)]
    check: bool,
}

/// Writes the pages anew, or tells what is stale in them. False when something is.
///
/// # Errors
/// When a page cannot be read or written, what it pulls is not there, or nobody reads what is printed.
pub fn run(options: &Readme) -> Result<bool> {
    let root = lessons::root()?;
    let mut out = io::stdout().lock();
    let mut stale = false;
    for path in pages(&root)? {
        let page = Page::read(&root, &path)?;
        let shown = path.strip_prefix(&root).unwrap_or(&path).display();
        for source in page.stale() {
            stale = true;
            let told = if options.check { "is stale" } else { "is written anew" };
            writeln!(out, "{shown}: {source} {told}")?;
        }
        if !options.check {
            page.write()?;
        }
    }
    if options.check && stale {
        writeln!(out, "`cargo xtask readme` writes them anew.")?;
    }
    out.flush()?;
    Ok(!(options.check && stale))
}

/// Writes all pages of the workspace at `root` anew.
///
/// # Errors
/// When one cannot be read or written, or what it pulls is not there.
pub fn regenerate(root: &Path) -> Result<()> {
    pages(root)?.iter().try_for_each(|path| Page::read(root, path)?.write())
}

/// All pages of the workspace at `root`: its READMEs, and the files of the book.
///
/// # Errors
/// When a folder cannot be read.
pub fn pages(root: &Path) -> Result<Vec<PathBuf>> {
    let mut pages = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
    for folder in [root.join("crates"), root.join("docs")] {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            pages.push(if path.is_dir() { path.join("README.md") } else { path });
        }
    }
    pages.retain(|page| page.extension().is_some_and(|end| end == "md") && page.is_file());
    pages.sort();
    Ok(pages)
}

/// A page, and what it should be.
#[derive(Debug)]
pub struct Page {
    path: PathBuf,
    text: String,
    fresh: String,
    stale: Vec<String>,
}

impl Page {
    /// Reads the page at `path`, and pulls everything that it pulls.
    ///
    /// # Errors
    /// When it cannot be read, or something that it pulls is not there.
    pub fn read(root: &Path, path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let folder = path.parent().unwrap_or(root);
        let pull = |source: &str| match source.strip_prefix("in ").and_then(|named| named.split_once(": ")) {
            Some((lesson, source)) => Snippet::parse(source)?.pull(root, &root.join("crates").join(lesson)),
            None => Snippet::parse(source)?.pull(root, folder),
        };
        let (fresh, stale) = refreshed(&text, pull).with_context(|| path.display().to_string())?;
        Ok(Self { path: path.to_owned(), text, fresh, stale })
    }

    /// What is pulled and no longer what stands there.
    #[must_use]
    pub fn stale(&self) -> &[String] {
        &self.stale
    }

    fn write(&self) -> Result<()> {
        if self.fresh == self.text {
            return Ok(());
        }
        write_atomically(&self.path, &self.fresh).with_context(|| self.path.display().to_string())
    }
}

/// A page with everything pulled anew, and the sources of what had been another.
fn refreshed(page: &str, pull: impl Fn(&str) -> Result<String>) -> Result<(String, Vec<String>)> {
    let (mut fresh, mut stale) = (String::new(), Vec::new());
    let mut rest = page;
    while let Some((before, from_here)) = rest.split_once(BEGINS) {
        let Some((source, after)) = from_here.split_once(CLOSES) else {
            bail!("`{}` has no `{CLOSES}`", BEGINS.trim_start())
        };
        let Some((there, after)) = after.split_once(ENDS) else {
            bail!("{source}: there is no `{}`", ENDS.trim_start())
        };
        ensure!(
            !there.contains(BEGINS),
            "{source}: there is no `{}` before the next of them",
            ENDS.trim_start()
        );
        let wanted = format!("\n{}", pull(source).with_context(|| source.to_owned())?.trim_end());
        if there != wanted {
            stale.push(source.to_owned());
        }
        fresh.extend([before, BEGINS, source, CLOSES, &wanted, ENDS]);
        rest = after;
    }
    ensure!(!rest.contains(ENDS), "there is an `{}` without a beginning", ENDS.trim_start());
    Ok((fresh + rest, stale))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pull(source: &str) -> Result<String> {
        ensure!(source != "nothing", "it is not there");
        Ok(format!("what {source} has\n"))
    }

    const FRESH: &str =
        "a\n<!-- include: x -->\nwhat x has\n<!-- end -->\nb\n<!-- include: y -->\nwhat y has\n<!-- end -->";

    #[test]
    fn what_is_fresh_stays_as_it_is() {
        assert_eq!(refreshed(FRESH, pull).unwrap(), (FRESH.to_owned(), Vec::new()));
        for words in ["no more than words", "such as `<!-- include: nothing -->`, and `<!-- end -->`"] {
            assert_eq!(refreshed(words, pull).unwrap().0, words);
        }
    }

    #[test]
    fn what_is_stale_is_told_and_written_anew() {
        for stale in [FRESH.replace("what y has", "something else"), FRESH.replace("what y has\n", "")] {
            assert_eq!(refreshed(&stale, pull).unwrap(), (FRESH.to_owned(), vec!["y".to_owned()]));
        }
    }

    #[test]
    fn what_is_not_there_or_has_no_end_is_an_error_that_names_it() {
        for (page, named) in [
            ("\n<!-- include: nothing -->\n<!-- end -->", "nothing: it is not there"),
            ("\n<!-- include: x -->\nwhat x has\n", "x: there is no `<!-- end -->`"),
            (
                "\n<!-- include: x -->\n<!-- include: y -->\n<!-- end -->",
                "x: there is no `<!-- end -->` before",
            ),
            ("\n<!-- include: x", "has no"),
            ("\n<!-- end -->", "without"),
        ] {
            let error = format!("{:#}", refreshed(page, pull).unwrap_err());
            assert!(error.contains(named), "{page:?}: {error}");
        }
    }
}
