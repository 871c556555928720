//! Where the images go: a temporary folder, or one that the user names.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// A folder that can be written, for the time of a run. Dropped, a temporary one is removed with all that is in it; of
/// one that the user named, only those folders that this run made, and put nothing into.
#[derive(Debug)]
pub struct Output {
    root: PathBuf,
    made: Vec<PathBuf>,
    _temporary: Option<TempDir>,
}

impl Output {
    /// A temporary folder.
    ///
    /// # Errors
    /// When none can be made.
    pub fn temporary() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("spider-compare-").tempdir();
        let folder = folder.context("cannot make a temporary folder; give --out a folder instead")?;
        Ok(Self { root: folder.path().to_owned(), made: Vec::new(), _temporary: Some(folder) })
    }

    /// The folder at `path`, which is made if it is not there.
    ///
    /// # Errors
    /// When it cannot be made, or nothing can be written in it.
    pub fn named(path: &Path) -> Result<Self> {
        let mut output = Self { root: path.to_owned(), made: Vec::new(), _temporary: None };
        // A file without a name shows whether one can be written, and leaves nothing behind.
        let written = output.make(path).and_then(|()| tempfile::tempfile_in(path).map(drop));
        written.with_context(|| {
            format!("cannot write to the folder {}; give --out a folder that can be written", path.display())
        })?;
        Ok(output)
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder `name` within it, which is made if it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder(&mut self, name: &str) -> Result<PathBuf> {
        let folder = self.root.join(name);
        self.make(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        Ok(folder)
    }

    /// Makes a folder and those above it that are missing, and remembers which.
    fn make(&mut self, path: &Path) -> std::io::Result<()> {
        // Without `.`, which would be a folder within one that is not there yet.
        let path: PathBuf = path.components().collect();
        let missing: Vec<_> = path.ancestors().take_while(|folder| !folder.exists()).collect();
        for folder in missing.into_iter().rev().filter(|folder| !folder.as_os_str().is_empty()) {
            match fs::create_dir(folder) {
                Ok(()) => self.made.push(folder.to_owned()),
                // It is one that was made just before, by way of `..`; or somebody else has made it.
                Err(_) if folder.is_dir() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            // Refused for a folder with something in it, which is what is wanted.
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_nothing_was_put_into_is_gone_again_with_those_above_it() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("a/b");
        let output = Output::named(&folder).unwrap();
        assert!(folder.is_dir());
        drop(output);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_was_there_before_stays_and_so_does_what_was_put_into_a_new_one() {
        let home = tempfile::tempdir().unwrap();
        drop(Output::named(home.path()).unwrap());
        assert!(home.path().is_dir());
        let mut output = Output::named(&home.path().join("new")).unwrap();
        let folder = output.folder("thread").unwrap();
        fs::write(folder.join("1.jpg"), "").unwrap();
        drop(output);
        assert!(home.path().join("new/thread/1.jpg").exists());
    }

    #[test]
    fn a_folder_may_be_named_by_a_detour() {
        for (name, folder) in [("a/../b", "b"), ("new/.", "new"), ("./c//d/", "c/d"), ("e/../e/f", "e/f")] {
            let home = tempfile::tempdir().unwrap();
            let mut output = Output::named(&home.path().join(name)).unwrap();
            assert!(home.path().join(folder).is_dir(), "{name}");
            output.folder("thread").unwrap();
            drop(output);
            assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "{name}");
        }
    }

    #[test]
    fn a_file_is_no_folder_and_the_error_says_what_to_do() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for path in [file.path().to_owned(), file.path().join("below")] {
            let error = Output::named(&path).unwrap_err().to_string();
            assert!(error.contains(&path.display().to_string()) && error.contains("give --out"), "{error}");
        }
    }
}
