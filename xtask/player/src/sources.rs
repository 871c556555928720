//! The source files of a scene.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

/// Reads source files, each of them once.
#[derive(Debug)]
pub struct Sources {
    root: PathBuf,
    files: HashMap<String, Vec<String>>,
}

impl Sources {
    /// Creates a reader of files whose names are relative to `root`.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root, files: HashMap::new() }
    }

    /// Returns the lines of a file, or what keeps it from being read.
    pub fn lines(&mut self, file: &str) -> &[String] {
        self.files.entry(file.to_owned()).or_insert_with(|| match fs::read_to_string(self.root.join(file)) {
            Ok(text) => text.lines().map(|line| line.replace('\t', "    ")).collect(),
            Err(error) => vec![format!("cannot read {file}: {error}")],
        })
    }
}
