//! The guarantees of all lessons: those that are stored, and those that the tests derive from the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use course_tests::guarantees::changes::changes;
use course_tests::guarantees::stored::{DATA_SUFFIX, GUARANTEES_FILE_VAR, Stored};
use course_tests::guarantees::{Evidence, Guarantees};

use crate::cargo::cargo;
use crate::files;
use crate::lessons::Lesson;
use crate::outputs;
use crate::status_line::StatusLine;
use crate::supervisor::{BUILD_LIMIT, Supervisor};

/// How often the progress is shown.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(300);

/// The guarantees by lesson and scenario (`daemon, cut-off`), wherever they are stored.
pub type ByTitle = BTreeMap<String, Guarantees>;

/// The guarantees that the tests have derived.
#[derive(Debug)]
pub struct Derived {
    /// The guarantees.
    pub guarantees: ByTitle,
    /// The snapshots of real runs that differ from the stored ones, by their paths from the root of the workspace.
    pub new_outputs: BTreeMap<PathBuf, String>,
    /// The output of the tests, if one has failed. The guarantees of its scenario are missing.
    pub failure: Option<Vec<u8>>,
}

/// Collects guarantees by title.
///
/// # Errors
/// If one cannot be read, or two are of the same lesson and scenario.
pub fn by_title(all: impl Iterator<Item = Result<Stored>>) -> Result<ByTitle> {
    let mut guarantees = ByTitle::new();
    for stored in all {
        let Stored { lesson, scenario, guarantees: new } = stored?;
        let title = if scenario.is_empty() { lesson } else { format!("{lesson}, {scenario}") };
        if guarantees.contains_key(&title) {
            bail!("the guarantees of {title} are stored twice");
        }
        guarantees.insert(title, new);
    }
    Ok(guarantees)
}

/// Reads the stored guarantees below `folder`; none if it does not exist.
///
/// # Errors
/// As [`by_title`], or if the folder cannot be read.
pub fn stored_below(folder: &Path) -> Result<ByTitle> {
    if !folder.exists() {
        return Ok(ByTitle::new());
    }
    let paths = files::below(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let read = |path: &PathBuf| -> Result<Stored> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Stored::read(&text).with_context(|| format!("cannot parse {}", path.display()))
    };
    by_title(paths.iter().filter(|path| is_data(path)).map(read))
}

/// Derives the guarantees of `lessons` from the code: the tests whose names contain one of `tests` write them to a file.
/// Those of real runs, [`outputs::MODULE`], write the snapshots that have changed to a folder, which is read, too: no stored
/// snapshot is compared or replaced.
///
/// # Errors
/// If cargo cannot be run, no test derives guarantees, or the run was interrupted.
pub fn derive(lessons: &[Lesson], tests: &[&str], supervisor: &Supervisor) -> Result<Derived> {
    let folder = tempfile::tempdir().context("cannot create a temporary folder")?;
    let file = folder.path().join("guarantees");
    let mut test = cargo();
    test.args(["test", "--quiet", "--no-fail-fast"]);
    for lesson in lessons {
        test.args(["--package", &lesson.id]);
    }
    test.args(["--tests", "--"]).args(tests).env(GUARANTEES_FILE_VAR, &file);
    let pending = folder.path().join("snapshots");
    test.env("INSTA_PENDING_DIR", &pending).env("INSTA_UPDATE", "new");
    test.env("INSTA_FORCE_PASS", "1").env("INSTA_OUTPUT", "none");
    let ended = with_progress(&file, || supervisor.run(test, BUILD_LIMIT)).context("cannot run cargo")?;
    let derived =
        files::read_if_exists(&file).context("cannot read the derived guarantees")?.unwrap_or_default();
    let parse = |line: &str| Stored::read(line).context("cannot parse the derived guarantees");
    let guarantees = by_title(derived.lines().map(parse))?;
    let passed = ended.status.success();
    ensure!(!passed || !guarantees.is_empty(), "no test derives guarantees");
    let new_outputs = outputs::pending(&pending).context("cannot read the new snapshots")?;
    Ok(Derived { guarantees, new_outputs, failure: (!passed).then_some(ended.output) })
}

/// Runs `work` while a status line shows which guarantees are in `file` already.
fn with_progress<T>(file: &Path, work: impl FnOnce() -> T) -> T {
    let status_line = &StatusLine::new();
    if !status_line.is_shown() {
        // It is not needed if standard error is closed.
        let _ =
            writeln!(io::stderr(), "Building the tests and deriving guarantees: this may take some minutes.");
    }
    let (working, done) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while done.recv_timeout(PROGRESS_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                status_line.started(0, &progress(file));
            }
        });
        // Dropped when the work is done, or panics.
        let _working = working;
        work()
    })
}

fn progress(file: &Path) -> String {
    let derived = fs::read_to_string(file).unwrap_or_default();
    let titles: Vec<String> = derived
        .lines()
        .filter_map(|line| Stored::read(line).ok())
        .map(|stored| format!("{} {}", stored.lesson, stored.scenario).trim_end().to_owned())
        .collect();
    match titles.last() {
        None => "building the tests, and deriving guarantees".to_owned(),
        Some(last) => format!("deriving guarantees; {} done, the last: {last}", titles.len()),
    }
}

/// Describes the changes from one version to another: each lesson and scenario with changes, and below it one line for
/// each of the first `limit`. Empty if there are none.
#[must_use]
pub fn describe_changes(before: &ByTitle, after: &ByTitle, limit: usize) -> String {
    let titles: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut text = String::new();
    for title in titles {
        let changes = changes(before.get(title), after.get(title));
        if !changes.is_empty() {
            text.extend([title, "\n"]);
            text.extend(changes.iter().take(limit).flat_map(|change| ["  - ", change, "\n"]));
            if changes.len() > limit {
                let _ = writeln!(text, "  … and {} more", changes.len() - limit);
            }
        }
    }
    text
}

/// Returns how sure it is that nothing else has changed: a line about the lessons and scenarios of which not every schedule
/// was run; empty if there are none.
#[must_use]
pub fn describe_doubts(guarantees: &ByTitle) -> String {
    let doubt = |(title, one): (&String, &Guarantees)| match one.found {
        Evidence::EverySchedule { .. } => None,
        Evidence::RandomSchedules { .. } => Some(format!("{title} (random schedules)")),
        Evidence::Observed { runs } => Some(format!("{title} ({runs} real runs)")),
    };
    let doubts: Vec<String> = guarantees.iter().filter_map(doubt).collect();
    if doubts.is_empty() {
        return String::new();
    }
    let doubts = doubts.join("; ");
    format!("Not every schedule was run, so a guarantee that is rarely broken may be lost: {doubts}.\n")
}

/// Returns whether a file stores guarantees as data, by its name.
#[must_use]
pub fn is_data(path: &Path) -> bool {
    is_of_guarantees(path) && path.to_string_lossy().ends_with(DATA_SUFFIX)
}

/// Returns whether a file is a snapshot of guarantees, as words or as data, by its name.
#[must_use]
pub fn is_of_guarantees(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.contains("__guarantees") && name.ends_with(".snap")
}

#[cfg(test)]
mod tests {
    use course_tests::TraceSpec;
    use course_tests::guarantees::derive;

    use super::*;

    fn stored(scenario: &str, lines: &[&str]) -> Stored {
        let output = lines.iter().map(|&line| line.to_owned()).collect();
        let spec = TraceSpec::new().event(".*", "main", "");
        Stored::new(
            "/crates/kettle",
            scenario,
            derive(&[output].into(), Evidence::every_schedule(Some(1)), &spec),
        )
    }

    #[test]
    fn a_title_names_the_lesson_and_its_scenario_if_it_has_several() {
        let all = [stored("", &["boil"]), stored("tea", &["boil"])].map(Ok);
        let titles: Vec<String> = by_title(all.into_iter()).expect("two").into_keys().collect();
        assert_eq!(titles, ["kettle", "kettle, tea"]);
    }

    #[test]
    fn two_scenarios_with_the_same_title_are_an_error() {
        let all = [stored("tea", &["boil"]), stored("tea", &["pour"])].map(Ok);
        let error = by_title(all.into_iter()).expect_err("one twice");
        assert_eq!(error.to_string(), "the guarantees of kettle, tea are stored twice");
    }

    #[test]
    fn only_scenarios_with_changes_are_listed() {
        let version = |tea: &[&str]| {
            by_title([stored("tea", tea), stored("milk", &["pour"])].map(Ok).into_iter()).expect("two")
        };
        let (before, after) = (version(&["boil", "pour"]), version(&["pour", "boil"]));
        assert_eq!(
            describe_changes(&before, &after, 2),
            "kettle, tea\n  - order reversed: “pour” now always comes before “boil”\n"
        );
        assert_eq!(describe_changes(&before, &before, 2), "");
    }

    #[test]
    fn changes_beyond_the_limit_are_counted() {
        let version = |tea: &[&str]| by_title([stored("tea", tea)].map(Ok).into_iter()).expect("one");
        let text = describe_changes(&version(&["boil", "pour"]), &version(&["stir", "boil"]), 1);
        let expected = "kettle, tea\n  - line removed: “pour”\n  … and 1 more\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_was_not_run_under_every_schedule_is_doubted() {
        let with = |found| {
            let mut all = by_title([stored("tea", &["boil"])].map(Ok).into_iter()).expect("one");
            all.get_mut("kettle, tea").expect("one").found = found;
            describe_doubts(&all)
        };
        assert_eq!(with(Evidence::every_schedule(Some(1))), "");
        let random = with(Evidence::RandomSchedules { outputs: Some(1) });
        assert!(random.ends_with(" may be lost: kettle, tea (random schedules).\n"), "{random}");
        let observed = with(Evidence::Observed { runs: 20 });
        assert!(observed.ends_with(" may be lost: kettle, tea (20 real runs).\n"), "{observed}");
    }

    #[test]
    fn the_progress_names_the_last_scenario_that_is_done() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("guarantees");
        assert_eq!(progress(&file), "building the tests, and deriving guarantees");
        let lines = ["tea", "milk"].map(|scenario| {
            serde_json::to_string(&stored(scenario, &["boil"])).expect("they are JSON") + "\n"
        });
        fs::write(&file, lines.concat() + "{\"half").expect("it can be written");
        assert_eq!(progress(&file), "deriving guarantees; 2 done, the last: kettle milk");
    }

    #[test]
    fn a_snapshot_of_guarantees_is_recognised_by_its_name() {
        let words = Path::new("snapshots/lesson__guarantees__guarantees of cut-off.snap");
        let data = Path::new("snapshots/lesson__guarantees__guarantees of cut-off (data).snap");
        assert!(is_of_guarantees(words) && is_of_guarantees(data));
        assert!(!is_data(words) && is_data(data));
        assert!(!is_of_guarantees(Path::new("snapshots/lesson__real_run__cut-off.snap")));
    }
}
