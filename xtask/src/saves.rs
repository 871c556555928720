//! Waiting until a file is saved.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::files::below;
use crate::supervisor::Supervisor;

/// How often it checks whether a file was saved.
const POLL_INTERVAL: Duration = Duration::from_millis(300);

/// The modification time of a file, or of each file of a folder by its path in that folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mtimes(BTreeMap<PathBuf, Option<SystemTime>>);

impl Mtimes {
    /// Reads the modification times. A file that cannot be read counts as missing: an editor may be replacing it.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let mut files = if path.is_dir() { below(path).unwrap_or_default() } else { vec![path.to_owned()] };
        files.retain(|file| !is_temporary(file));
        let modified = |file: &PathBuf| fs::metadata(file).and_then(|metadata| metadata.modified()).ok();
        let name = |file: &PathBuf| file.strip_prefix(path).unwrap_or(file).to_owned();
        Self(files.iter().map(|file| (name(file), modified(file))).collect())
    }

    /// Waits until a file is saved, and then until no file changes for a moment: an editor may save in several steps.
    /// `None` if the supervisor has stopped.
    #[must_use]
    pub fn wait_for_save(&self, path: &Path, supervisor: &Supervisor) -> Option<Self> {
        let mut last = self.clone();
        loop {
            thread::sleep(POLL_INTERVAL);
            if supervisor.has_stopped() {
                return None;
            }
            let now = Self::of(path);
            if now != *self && now == last {
                return Some(now);
            }
            last = now;
        }
    }

    /// Returns the first file that was changed, created or removed since `before`.
    #[must_use]
    pub fn first_changed(&self, before: &Self) -> PathBuf {
        let all = self.0.keys().chain(before.0.keys());
        let mut changed = all.filter(|file| self.0.get(*file) != before.0.get(*file));
        changed.next().cloned().unwrap_or_default()
    }
}

/// Returns whether an editor keeps this file beside the one that is edited.
fn is_temporary(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(['.', '#']) || name.ends_with('~')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mtimes(files: &[(&str, u64)]) -> Mtimes {
        let at = |seconds| SystemTime::UNIX_EPOCH.checked_add(std::time::Duration::from_secs(seconds));
        Mtimes(files.iter().map(|&(file, seconds)| (file.into(), at(seconds))).collect())
    }

    #[test]
    fn temporary_files_of_editors_are_ignored() {
        let is_ignored = |name| is_temporary(Path::new(name));
        assert!([".main.rs.swp", "src/main.rs~", "src/.#main.rs", "#main.rs#"].into_iter().all(is_ignored));
        assert!(!["src/main.rs", "threads.rs"].into_iter().any(is_ignored));
    }

    #[test]
    fn a_changed_a_created_and_a_removed_file_are_found() {
        let before = mtimes(&[("a.rs", 1), ("b.rs", 1)]);
        for (now, changed) in [
            (mtimes(&[("a.rs", 1), ("b.rs", 2)]), "b.rs"),
            (mtimes(&[("a.rs", 1), ("b.rs", 1), ("c.rs", 0)]), "c.rs"),
            (mtimes(&[("b.rs", 1)]), "a.rs"),
        ] {
            assert_eq!(now.first_changed(&before), Path::new(changed));
        }
    }
}
