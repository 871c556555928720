//! The folder for the images: a temporary one, or that of `--out`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cancel::CancelToken;

/// A folder for the images. On drop, a temporary folder is removed with everything in it; otherwise only folders that this
/// run has created, and that are empty.
#[derive(Debug, Clone)]
pub struct OutputDir {
    /// Its path.
    pub path: PathBuf,
    /// Each folder before its parent.
    created: Vec<PathBuf>,
    is_temporary: bool,
}

impl OutputDir {
    /// Creates a temporary folder.
    pub fn temporary() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("spider-compare-").tempdir();
        let folder = folder.context("cannot create a temporary folder; use --out FOLDER instead")?;
        Ok(Self { path: folder.keep(), created: Vec::new(), is_temporary: true })
    }

    /// Creates a folder and its missing parents. It is an error if the folder is not writable.
    pub fn create(path: &Path) -> Result<Self> {
        // Without `.` at its end, which `remove_dir` does not accept.
        let path: PathBuf = path.components().collect();
        let missing = path.ancestors().take_while(|folder| !folder.exists());
        let created = missing.map(Path::to_owned).collect();
        let output = Self { path, created, is_temporary: false };
        // A file without a name tests whether the folder is writable.
        fs::create_dir_all(&output.path)
            .and_then(|()| tempfile::tempfile_in(&output.path))
            .with_context(|| format!("cannot write to the folder {}; check --out", output.path.display()))?;
        Ok(output)
    }

    /// Removes the folder when the run is cancelled too: a second signal ends the process without dropping it.
    #[must_use]
    pub fn remove_on_cancel(self, cancel: &CancelToken) -> Self {
        let copy = self.clone();
        cancel.on_cancel(move || drop(copy));
        self
    }
}

impl Drop for OutputDir {
    fn drop(&mut self) {
        if self.is_temporary {
            let _ = fs::remove_dir_all(&self.path);
        }
        for folder in &self.created {
            // Fails if the folder is not empty, as intended.
            let _ = fs::remove_dir(folder);
        }
    }
}
