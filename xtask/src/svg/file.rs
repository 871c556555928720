//! The file that a picture is written to.

use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use tempfile::NamedTempFile;

use crate::files::replaceable;
use crate::terminal::print;

/// A file that does not exist under its name until it is complete.
#[derive(Debug)]
pub struct OutputFile {
    /// As the user named it.
    path: PathBuf,
    /// Behind symbolic links.
    target: PathBuf,
    unfinished: NamedTempFile,
}

impl OutputFile {
    /// Checks before a run that `path` can be written.
    ///
    /// # Errors
    /// If `path` is not a regular file, or its directory does not exist or cannot be written.
    pub fn create(path: &Path) -> Result<Self> {
        let cannot_write = || format!("cannot write {}", path.display());
        let target = replaceable(path).with_context(cannot_write)?;
        let folder =
            target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        ensure!(
            folder.is_dir(),
            "cannot write {}: there is no directory {}",
            path.display(),
            folder.display()
        );
        let unfinished = tempfile::Builder::new()
            .prefix(".picture-")
            .suffix(".part")
            // The umask then removes permissions, as for any new file; a temporary file is private by default.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder);
        // Only its kind: the error names the temporary file, not the one that the user asked for.
        let unfinished = unfinished.map_err(|error| io::Error::from(error.kind()));
        let unfinished = unfinished.with_context(cannot_write)?;
        Ok(Self { path: path.to_owned(), target, unfinished })
    }

    /// Writes the picture, instead of an older one, and prints the name of the file.
    ///
    /// # Errors
    /// If it cannot be written, or standard output is closed. An older picture is left as it was.
    pub fn write(mut self, picture: &str) -> Result<()> {
        let cannot_write = || format!("cannot write {}", self.path.display());
        self.unfinished.write_all(picture.as_bytes()).with_context(cannot_write)?;
        self.unfinished.persist(&self.target).map_err(io::Error::from).with_context(cannot_write)?;
        print(&format!("wrote {}\n", self.path.display()))?;
        Ok(())
    }
}
