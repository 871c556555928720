//! The file that a picture is written to.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::files::UnfinishedFile;
use crate::terminal::print;

/// A file that does not exist under its name until it is complete.
#[derive(Debug)]
pub struct OutputFile {
    /// As the user named it.
    path: PathBuf,
    unfinished: UnfinishedFile,
}

impl OutputFile {
    /// Checks before a run that `path` can be written.
    ///
    /// # Errors
    /// If `path` is not a regular file, or its directory does not exist or cannot be written.
    pub fn create(path: &Path) -> Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            bail!("cannot write {}: there is no directory {}", path.display(), folder.display());
        }
        let unfinished =
            UnfinishedFile::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { path: path.to_owned(), unfinished })
    }

    /// Writes the picture, instead of an older one, and prints the name of the file.
    ///
    /// # Errors
    /// If it cannot be written, or standard output is closed. An older picture is left as it was.
    pub fn write(self, picture: &str) -> Result<()> {
        let path = self.path.display();
        self.unfinished.write(picture).with_context(|| format!("cannot write {path}"))?;
        print(&format!("wrote {path}\n"))?;
        Ok(())
    }
}
