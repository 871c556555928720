//! The lines of source files.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::panic::Location;
use std::path::{Component, Path, PathBuf};

/// Source files that were read.
#[derive(Default)]
pub(crate) struct Sources {
    files: HashMap<String, Vec<String>>,
}

impl Sources {
    /// Returns the lines of a file; none if it cannot be read.
    pub(crate) fn lines(&mut self, file: &str) -> &[String] {
        self.files.entry(file.to_owned()).or_insert_with(|| read_lines(file))
    }

    /// Returns the line of source at `place`, trimmed, without a comment at its end; empty if the file cannot be read.
    pub(crate) fn line(&mut self, place: &Location<'static>) -> &str {
        let lines = self.lines(place.file());
        let line = lines.get(place.line() as usize - 1).map_or("", |line| line.trim());
        line.split(" // ").next().unwrap_or(line).trim_end()
    }
}

/// Reads a file by the path that the compiler gives it: relative to the workspace, which is the current folder or above.
pub(super) fn read_lines(file: &str) -> Vec<String> {
    let current = env::current_dir().unwrap_or_default();
    let text = current.ancestors().find_map(|folder| fs::read_to_string(folder.join(file)).ok());
    text.unwrap_or_default().lines().map(str::to_owned).collect()
}

/// Returns the path without `..`, which a module with `#[path]` has.
pub(crate) fn plain_path(file: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for component in Path::new(file).components() {
        if component == Component::ParentDir {
            path.pop();
        } else {
            path.push(component);
        }
    }
    path
}
