//! Listing, reading and replacing files.

use std::env;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Returns all files in `folder` and its subfolders, sorted by path.
///
/// # Errors
/// If a folder cannot be read.
pub fn below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(below(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Reads a text file; `None` if it does not exist.
///
/// # Errors
/// If it exists and cannot be read.
pub fn read_if_exists(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

/// Writes a file that has the old text or the new one at any time, never a part.
///
/// # Errors
/// If the file cannot be written, or [`replaceable`] refuses it.
pub fn write_atomically(path: &Path, text: &str) -> io::Result<()> {
    UnfinishedFile::create(path)?.write(text)
}

/// A temporary file that becomes the file of a name when it is complete.
#[derive(Debug)]
pub struct UnfinishedFile {
    path: PathBuf,
    file: NamedTempFile,
}

impl UnfinishedFile {
    /// Creates the temporary file, beside the file that it becomes.
    ///
    /// # Errors
    /// If the directory of `path` cannot be written, or [`replaceable`] refuses `path`.
    pub fn create(path: &Path) -> io::Result<Self> {
        let folder = replaceable(path)?;
        let folder =
            folder.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // The umask then removes permissions, as for any new file; a temporary file is private by default.
        let permissions = Permissions::from_mode(0o666);
        let file = tempfile::Builder::new().permissions(permissions).tempfile_in(folder);
        // Only its kind: the error names the temporary file, not the one that the user asked for.
        let file = file.map_err(|error| io::Error::from(error.kind()))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Writes the text, and takes the place and the permissions of an older file.
    ///
    /// # Errors
    /// If it cannot be written, or [`replaceable`] refuses what stands there now. An older file is left as it was.
    pub fn write(mut self, text: &str) -> io::Result<()> {
        self.file.write_all(text.as_bytes())?;
        let path = replaceable(&self.path)?;
        if path.exists() {
            self.file.as_file().set_permissions(fs::metadata(&path)?.permissions())?;
        }
        self.file.persist(path)?;
        Ok(())
    }
}

/// Returns the path of a regular file, or of one that does not exist: behind a symbolic link, what it leads to. Such a file
/// can be replaced by another one; a pipe or a device is something else than its content.
///
/// # Errors
/// If it is not a regular file, or the link leads nowhere.
pub fn replaceable(path: &Path) -> io::Result<PathBuf> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(path.to_owned()),
        found => found?,
    };
    let path = fs::canonicalize(path)?;
    match fs::metadata(&path)?.file_type() {
        kind if kind.is_file() => Ok(path),
        kind if kind.is_dir() => Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory")),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")),
    }
}

/// Writes a file, and creates the folders above it as needed.
///
/// # Errors
/// If a folder cannot be created, or the file cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    fs::write(path, bytes)
}

/// Returns a path for a message: relative to the current folder, if it is below it.
#[must_use]
pub fn relative_to_current_dir(path: &Path) -> String {
    let current = env::current_dir().unwrap_or_default();
    path.strip_prefix(current).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_text_keeps_the_permissions_and_the_link_of_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link] = ["file", "link"].map(|name| folder.path().join(name));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        symlink("file", &link).unwrap();
        write_atomically(&link, "new").unwrap();
        assert_eq!((fs::read_to_string(&file).unwrap(), mode(&file)), ("new".to_owned(), 0o640));
        assert!(link.is_symlink());
    }

    #[test]
    fn what_took_the_place_of_a_file_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("picture");
        let unfinished = UnfinishedFile::create(&path).unwrap();
        symlink("/dev/null", &path).unwrap();
        let error = unfinished.write("text").unwrap_err();
        assert_eq!(error.to_string(), "it is not a regular file");
        assert!(path.is_symlink());
        assert_eq!(below(folder.path()).unwrap(), [path]);
    }
}
