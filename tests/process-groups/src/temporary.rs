//! Temporary folders that a signal removes.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fs, io};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::processes::end_children;
use crate::signals;

/// The temporary folders of this process. Locked while one is created or removed, and from a signal until the process has
/// ended.
static FOLDERS: Mutex<Folders> = Mutex::new(Folders { handles_signals: false, paths: Vec::new() });

struct Folders {
    handles_signals: bool,
    paths: Vec<PathBuf>,
}

/// How often a signal tries to remove a folder: until then, another thread may create a file in it.
const TRIES: usize = 1_000;

/// A temporary folder. It is removed with its files when it is dropped, and when SIGINT (Ctrl-C), SIGTERM or SIGHUP ends
/// the process.
#[derive(Debug)]
pub struct TemporaryFolder(Option<TempDir>);

/// Creates a folder in `TMPDIR`, or in `/tmp`.
///
/// # Errors
/// If it cannot be created, or signals cannot be handled.
pub fn temporary_folder() -> io::Result<TemporaryFolder> {
    let mut folders = after_handling_signals()?;
    let folder = tempfile::tempdir()?;
    folders.paths.push(folder.path().to_owned());
    Ok(TemporaryFolder(Some(folder)))
}

/// Keeps SIGINT, SIGTERM and SIGHUP from ending the process until the guard is dropped, so that what is done meanwhile is
/// done wholly or not at all. Create no temporary folder meanwhile: it would wait for the guard.
///
/// # Errors
/// If signals cannot be handled.
pub fn uninterrupted() -> io::Result<impl Sized> {
    after_handling_signals()
}

/// Waits for ever if a signal is ending this process, and otherwise keeps it from that until the guard is dropped.
#[must_use]
pub fn unless_ending() -> impl Sized {
    folders()
}

fn after_handling_signals() -> io::Result<MutexGuard<'static, Folders>> {
    let mut folders = folders();
    if !folders.handles_signals {
        signals::on_first(remove_all_and_end)?;
        folders.handles_signals = true;
    }
    Ok(folders)
}

fn folders() -> MutexGuard<'static, Folders> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn remove_all_and_end(signal: i32) {
    let folders = folders();
    end_children(Signal::TERM);
    for path in &folders.paths {
        let is_removed = || fs::remove_dir_all(path).is_ok() || !path.exists();
        (0..TRIES).any(|_| is_removed());
    }
    signals::end_by(signal);
}

impl AsRef<Path> for TemporaryFolder {
    fn as_ref(&self) -> &Path {
        self.0.as_ref().map_or(Path::new(""), TempDir::path)
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let mut folders = folders();
        folders.paths.retain(|path| path != self.as_ref());
        // While it is locked: after a signal, the process ends before this.
        drop(self.0.take());
    }
}
