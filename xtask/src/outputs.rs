//! What real runs print, as the snapshots of the lessons have it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use course_tests::guarantees::stored::body;

use crate::diff::difference;
use crate::files;

/// The module of a lesson's tests that has those of real runs.
pub const MODULE: &str = "real_run";

/// Stated where lines of an output are shown. A snapshot has them in canonical form.
const GROUPED: &str = "(lines grouped by actor, not in the order of printing)";

/// The canonical form of each output, by a name.
pub type Outputs = BTreeMap<String, String>;

/// Returns the name of the scenario, if this file is the snapshot of a real run.
#[must_use]
pub fn scenario(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?.strip_suffix(".snap")?;
    let (_, scenario) = name.split_once("__real_run__")?;
    (!scenario.starts_with("guarantees")).then_some(scenario)
}

/// Reads the snapshots that insta has written to `folder`, by the paths that they would replace.
///
/// # Errors
/// If they cannot be read.
pub fn pending(folder: &Path) -> io::Result<BTreeMap<PathBuf, String>> {
    if !folder.exists() {
        return Ok(BTreeMap::new());
    }
    let paths = files::below(folder)?.into_iter();
    let snapshots = paths.filter(|path| path.extension().is_some_and(|end| end == "new"));
    let read = |path: PathBuf| {
        let replaced = path.strip_prefix(folder).unwrap_or(&path).with_extension("");
        Ok((replaced, fs::read_to_string(path)?))
    };
    snapshots.map(read).collect()
}

/// Describes the changes from one version to another; empty if there are none. `missing` says what an output that only the
/// first version has is.
#[must_use]
pub fn describe_changes(before: &Outputs, after: &Outputs, missing: &str) -> String {
    let mut text = String::new();
    for (name, before) in before {
        let Some(after) = after.get(name) else {
            let _ = writeln!(text, "The output of {name} is {missing}.");
            continue;
        };
        let difference = difference(body(before), body(after));
        if !difference.is_empty() {
            let _ = writeln!(text, "The output of {name} has changed {GROUPED}:\n{difference}");
        }
    }
    for (name, output) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        let _ = writeln!(text, "The output of {name} is new {GROUPED}:\n{}", difference("", body(output)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_of_a_real_run_is_recognised_by_its_name() {
        assert_eq!(scenario(Path::new("a/lesson__real_run__cut-off.snap")), Some("cut-off"));
        for other in ["lesson__real_run__guarantees of process.snap", "lesson__faults__faults.snap"] {
            assert_eq!(scenario(Path::new(other)), None);
        }
    }
}
