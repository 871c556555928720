//! The scenarios of a lesson, and the actors that print their lines.

use std::fmt;
use std::io::{self, Read, Write};

use anyhow::{Context, Result, ensure};
use course_tests::trace::scenarios::{FILE, Lanes, TEST};
use tempfile::NamedTempFile;

use crate::cargo::cargo;
use crate::lessons::Lesson;
use crate::status_line::StatusLine;
use crate::supervisor::{BUILD_LIMIT, Supervisor};

/// A name that is not the name of a scenario.
#[derive(Debug)]
pub struct UnknownScenario {
    lesson: String,
    unknown: String,
    scenarios: Vec<String>,
}

impl fmt::Display for UnknownScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lesson, unknown, scenarios } = self;
        write!(f, "{lesson} has no scenario `{unknown}`; ")?;
        match &scenarios[..] {
            [_] => write!(f, "it has a single one, without a name"),
            _ => write!(f, "its scenarios are {}", scenarios.join(", ")),
        }
    }
}

impl std::error::Error for UnknownScenario {}

/// Returns the scenario with this name, or all of them.
///
/// # Errors
/// If there is no scenario with this name.
pub fn choose(
    all: Vec<Lanes>,
    lesson: &Lesson,
    scenario: Option<&str>,
) -> Result<Vec<Lanes>, UnknownScenario> {
    let Some(name) = scenario else { return Ok(all) };
    let scenarios = all.iter().map(|lanes| lanes.scenario.clone()).collect();
    let found = all.into_iter().find(|lanes| lanes.scenario == name && !name.is_empty());
    let unknown = || UnknownScenario { lesson: lesson.name.clone(), unknown: name.to_owned(), scenarios };
    found.map(|lanes| vec![lanes]).ok_or_else(unknown)
}

/// Returns what a lesson declares about its scenarios. One of its tests writes that to a file; building the test builds
/// the lesson's program too.
///
/// # Errors
/// If the lesson has no such test, it cannot be built, or the run was interrupted.
pub fn declared(lesson: &Lesson, supervisor: &Supervisor, status_line: &StatusLine) -> Result<Vec<Lanes>> {
    let name = &lesson.name;
    let test = lesson.folder().join("tests/lesson/lanes.rs");
    ensure!(test.is_file(), "{name} does not declare its actors: there is no {}", test.display());
    let mut file = NamedTempFile::new().context("cannot create a temporary file")?;
    let mut cargo = cargo();
    cargo.args(["test", "--quiet", "--package", &lesson.id, "--test", "lesson", "--", "--exact", TEST]);
    cargo.env(FILE, file.path());
    status_line.started(0, &format!("the build of {name}"));
    let ended = supervisor.run(cargo, BUILD_LIMIT).context("cannot run cargo");
    status_line.ended(0);
    let ended = ended?;
    let mut declared = String::new();
    file.read_to_string(&mut declared)?;
    let parse = |line: &str| Lanes::from_json(&serde_json::from_str(line).ok()?);
    let lanes: Vec<_> = declared.lines().map(parse).collect::<Option<_>>().unwrap_or_default();
    if !ended.status.success() || lanes.is_empty() {
        io::stderr().write_all(&ended.output)?;
    }
    ensure!(ended.status.success(), "cannot build the tests of {name}");
    ensure!(!lanes.is_empty(), "{name} does not declare its actors: {TEST} wrote none");
    Ok(lanes)
}
