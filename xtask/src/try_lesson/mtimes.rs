//! When the files of a folder were saved.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::files::below;

/// Whether this is a file that an editor keeps beside the one that is edited.
fn is_an_editors(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(['.', '#']) || name.ends_with('~')
}

/// When each file of a folder was saved, by its path in that folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mtimes(BTreeMap<PathBuf, Option<SystemTime>>);

impl Mtimes {
    /// How it is now. What cannot be read is not there: an editor may be about to put it back.
    pub(super) fn below(folder: &Path) -> Self {
        let mut files = below(folder).unwrap_or_default();
        files.retain(|file| !is_an_editors(file));
        let saved = |file: &PathBuf| fs::metadata(file).and_then(|metadata| metadata.modified()).ok();
        let name = |file: &PathBuf| file.strip_prefix(folder).unwrap_or(file).to_owned();
        Self(files.iter().map(|file| (name(file), saved(file))).collect())
    }

    /// The first file that was saved at another time before, or was not there, or is not any more.
    pub(super) fn first_changed(&self, before: &Self) -> PathBuf {
        let all = self.0.keys().chain(before.0.keys());
        let mut unlike = all.filter(|file| self.0.get(*file) != before.0.get(*file));
        unlike.next().cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(files: &[(&str, u64)]) -> Mtimes {
        let at = |seconds| SystemTime::UNIX_EPOCH.checked_add(std::time::Duration::from_secs(seconds));
        Mtimes(files.iter().map(|&(file, seconds)| (file.into(), at(seconds))).collect())
    }

    #[test]
    fn what_an_editor_keeps_beside_a_file_is_no_save() {
        let is_one = |name| is_an_editors(Path::new(name));
        assert!([".main.rs.swp", "src/main.rs~", "src/.#main.rs", "#main.rs#"].into_iter().all(is_one));
        assert!(!["src/main.rs", "threads.rs"].into_iter().any(is_one));
    }

    #[test]
    fn a_file_that_was_saved_or_made_or_removed_is_named() {
        let before = saved(&[("a.rs", 1), ("b.rs", 1)]);
        for (now, named) in [
            (saved(&[("a.rs", 1), ("b.rs", 2)]), "b.rs"),
            (saved(&[("a.rs", 1), ("b.rs", 1), ("c.rs", 0)]), "c.rs"),
            (saved(&[("b.rs", 1)]), "a.rs"),
        ] {
            assert_eq!(now.first_changed(&before), Path::new(named));
        }
    }
}
