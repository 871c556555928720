//! The folder for the images: a temporary one, or that of `--out`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// A folder for the images. On drop, a temporary folder is removed with everything in it; otherwise only folders that this
/// run has created, and that are empty.
#[derive(Debug)]
pub(crate) struct OutputDir {
    path: PathBuf,
    /// Each folder before its parent.
    created: Vec<PathBuf>,
    _temporary: Option<TempDir>,
}

impl OutputDir {
    pub(crate) fn temporary() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("spider-compare-").tempdir();
        let folder = folder.context("cannot create a temporary folder; use --out FOLDER instead")?;
        Ok(Self { path: folder.path().to_owned(), created: Vec::new(), _temporary: Some(folder) })
    }

    /// Creates a folder and its missing parents. It is an error if the folder is not writable.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        // Without `.` at its end, which `remove_dir` does not accept.
        let path: PathBuf = path.components().collect();
        let missing = path.ancestors().take_while(|folder| !folder.exists());
        let created = missing.map(Path::to_owned).collect();
        let output = Self { path, created, _temporary: None };
        // A file without a name tests whether the folder is writable.
        fs::create_dir_all(&output.path)
            .and_then(|()| tempfile::tempfile_in(&output.path))
            .with_context(|| format!("cannot write to the folder {}; check --out", output.path.display()))?;
        Ok(output)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for OutputDir {
    fn drop(&mut self) {
        for folder in &self.created {
            // Fails if the folder is not empty, as intended.
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn created_folders_are_removed_if_they_are_empty() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("a/b");
        let output = OutputDir::create(&folder).unwrap();
        assert!(folder.is_dir());
        drop(output);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn existing_folders_and_folders_with_files_are_kept() {
        let home = tempfile::tempdir().unwrap();
        drop(OutputDir::create(home.path()).unwrap());
        assert!(home.path().is_dir());
        let output = OutputDir::create(&home.path().join("new")).unwrap();
        let folder = OutputDir::create(&output.path().join("thread")).unwrap();
        fs::write(folder.path().join("1.jpg"), "").unwrap();
        drop((folder, output));
        assert!(home.path().join("new/thread/1.jpg").exists());
    }

    #[test]
    fn a_path_may_contain_dots() {
        for (path, folder) in [("a/../b", "b"), ("new/.", "new"), ("./c//d/", "c/d"), ("e/../e/f", "e/f")] {
            let home = tempfile::tempdir().unwrap();
            let output = OutputDir::create(&home.path().join(path)).unwrap();
            assert!(home.path().join(folder).is_dir(), "{path}");
            drop(OutputDir::create(&output.path().join("thread")).unwrap());
            drop(output);
            assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "{path}");
        }
    }

    #[test]
    fn a_path_through_a_file_is_an_error_that_names_the_path_and_the_option() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for path in [file.path().to_owned(), file.path().join("below")] {
            let error = OutputDir::create(&path).unwrap_err().to_string();
            assert!(error.contains(&path.display().to_string()) && error.contains("--out"), "{error}");
        }
    }
}
