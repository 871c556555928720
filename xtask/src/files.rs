//! Listing, reading and replacing files.

use std::env;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

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

/// Writes a file that has the old text or the new one at any time, never a part: the text is written to a temporary file,
/// which is then renamed. The permissions of an existing file are kept.
///
/// # Errors
/// If the file cannot be written, or [`replaceable`] refuses it.
pub fn write_atomically(path: &Path, text: &str) -> io::Result<()> {
    let path = &replaceable(path)?;
    let permissions = path.exists().then(|| fs::metadata(path)).transpose()?.map(|file| file.permissions());
    let mut builder = tempfile::Builder::new();
    // For a new file: the system takes away what the user's mask forbids.
    let builder = builder.permissions(Permissions::from_mode(0o666));
    let mut file = builder.tempfile_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.persist(path)?;
    Ok(())
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
