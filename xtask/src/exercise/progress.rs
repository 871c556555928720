//! The file in which the progress of the learner is kept.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use crate::files::{read_if_exists, relative_to_current_dir, write_atomically};
use crate::scene::Exercise;

/// The file, from the root of the workspace.
const PATH: &str = "scratch/exercises/progress.json";

/// The progress of the learner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Progress {
    /// The exercise that was opened last.
    pub(super) current: Option<String>,
    /// By the names of the exercises.
    exercises: BTreeMap<String, Record>,
}

/// What is known about one exercise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Record {
    /// How many verdicts there were on a file that is not the one as given.
    pub(super) tries: usize,
    /// Whether it was passed once.
    pub(super) done: bool,
}

impl Progress {
    /// Returns the record of an exercise.
    pub(super) fn of(&self, exercise: &Exercise) -> Record {
        self.exercises.get(&exercise.name).cloned().unwrap_or_default()
    }

    /// Returns the record of an exercise, to change it.
    pub(super) fn record(&mut self, exercise: &Exercise) -> &mut Record {
        self.exercises.entry(exercise.name.clone()).or_default()
    }
}

/// The file of the progress.
#[derive(Debug)]
pub(super) struct ProgressFile {
    path: PathBuf,
}

impl ProgressFile {
    pub(super) fn of(root: &Path) -> Self {
        Self { path: root.join(PATH) }
    }

    /// Reads the progress. Without a file, there is none.
    ///
    /// # Errors
    /// If the file cannot be read, or is damaged.
    pub(super) fn read(&self) -> Result<Progress> {
        let path = relative_to_current_dir(&self.path);
        let text = read_if_exists(&self.path).with_context(|| format!("cannot read {path}"))?;
        let Some(text) = text else { return Ok(Progress::default()) };
        serde_json::from_str(&text).with_context(|| {
            format!(
                "{path} is damaged. It contains only your progress: correct it, or remove it to begin with no exercise done"
            )
        })
    }

    /// Changes the progress. Two commands do so one after the other: neither loses what the other has written.
    ///
    /// # Errors
    /// If the file cannot be read or written, or is damaged.
    pub(super) fn update(&self, change: impl FnOnce(&mut Progress)) -> Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let locked = || {
            fs::create_dir_all(folder)?;
            let folder = File::open(folder)?;
            flock(&folder, FlockOperation::LockExclusive)?;
            Ok::<_, std::io::Error>(folder)
        };
        // Unlocked when the folder is closed.
        let _folder = locked().with_context(|| format!("cannot lock {}", folder.display()))?;
        let before = self.read()?;
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return Ok(());
        }
        let text = serde_json::to_string_pretty(&after)? + "\n";
        write_atomically(&self.path, &text).with_context(|| format!("cannot write {}", self.path.display()))
    }
}
