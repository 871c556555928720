//! A page, and what it includes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::snippet::Snippet;
use crate::files::write_atomically;

// Each comment is a line of its own.
const BEGIN: &str = "\n<!-- include: ";
const CLOSE: &str = " -->";
const END: &str = "\n<!-- end -->";

/// A page: its text, and the text that it should have.
#[derive(Debug)]
pub struct Page {
    path: PathBuf,
    text: String,
    fresh: String,
    stale: Vec<String>,
}

impl Page {
    /// Reads the page at `path` in the workspace at `root`, and everything that it includes.
    ///
    /// # Errors
    /// If the page cannot be read, or something that it includes does not exist.
    pub fn read(root: &Path, path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let folder = path.parent().unwrap_or(root);
        let include = |source: &str| match source.strip_prefix("in ").and_then(|named| named.split_once(": "))
        {
            Some((lesson, source)) => {
                Snippet::parse(source)?.resolve(root, &root.join("crates").join(lesson))
            }
            None => Snippet::parse(source)?.resolve(root, folder),
        };
        let (fresh, stale) = refreshed(&text, include).with_context(|| path.display().to_string())?;
        Ok(Self { path: path.to_owned(), text, fresh, stale })
    }

    /// Returns the sources of the includes that are out of date.
    #[must_use]
    pub fn stale(&self) -> &[String] {
        &self.stale
    }

    /// Writes the page, if anything has changed.
    pub(super) fn write(&self) -> Result<()> {
        if self.fresh == self.text {
            return Ok(());
        }
        write_atomically(&self.path, &self.fresh)
            .with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// Returns the page with all its includes up to date, and the sources of those that were not.
fn refreshed(page: &str, include: impl Fn(&str) -> Result<String>) -> Result<(String, Vec<String>)> {
    let (mut fresh, mut stale) = (String::new(), Vec::new());
    let end = END.trim_start();
    let mut rest = page;
    while let Some((before, from_here)) = rest.split_once(BEGIN) {
        let Some((source, after)) = from_here.split_once(CLOSE) else {
            bail!("`{}` without `{CLOSE}`", BEGIN.trim_start())
        };
        let Some((current, after)) = after.split_once(END) else { bail!("{source}: `{end}` is missing") };
        ensure!(!current.contains(BEGIN), "{source}: `{end}` is missing before the next include");
        let wanted = format!("\n{}", include(source).with_context(|| source.to_owned())?.trim_end());
        if current != wanted {
            stale.push(source.to_owned());
        }
        fresh.extend([before, BEGIN, source, CLOSE, &wanted, END]);
        rest = after;
    }
    ensure!(!rest.contains(END), "`{end}` without an include");
    Ok((fresh + rest, stale))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn include(source: &str) -> Result<String> {
        ensure!(source != "nothing", "file not found");
        Ok(format!("text of {source}\n"))
    }

    const FRESH: &str =
        "a\n<!-- include: x -->\ntext of x\n<!-- end -->\nb\n<!-- include: y -->\ntext of y\n<!-- end -->";

    #[test]
    fn a_page_that_is_up_to_date_does_not_change() {
        assert_eq!(refreshed(FRESH, include).unwrap(), (FRESH.to_owned(), Vec::new()));
        for words in ["only words", "such as `<!-- include: nothing -->` and `<!-- end -->`"] {
            assert_eq!(refreshed(words, include).unwrap().0, words);
        }
    }

    #[test]
    fn an_include_that_is_out_of_date_is_replaced_and_named() {
        for stale in [FRESH.replace("text of y", "something else"), FRESH.replace("text of y\n", "")] {
            assert_eq!(refreshed(&stale, include).unwrap(), (FRESH.to_owned(), vec!["y".to_owned()]));
        }
    }

    #[test]
    fn a_missing_source_and_a_missing_end_are_errors_that_name_the_include() {
        for (page, expected) in [
            ("\n<!-- include: nothing -->\n<!-- end -->", "nothing: file not found"),
            ("\n<!-- include: x -->\ntext of x\n", "x: `<!-- end -->` is missing"),
            (
                "\n<!-- include: x -->\n<!-- include: y -->\n<!-- end -->",
                "x: `<!-- end -->` is missing before the next include",
            ),
            ("\n<!-- include: x", "`<!-- include: ` without ` -->`"),
            ("\n<!-- end -->", "`<!-- end -->` without an include"),
        ] {
            assert_eq!(format!("{:#}", refreshed(page, include).unwrap_err()), expected);
        }
    }
}
