//! How often a mistake of `wrong/` shows, or a coincidence: an order that is not guaranteed but often seen.
//!
//! Each has two fractions. In how many *possible* outcomes it shows is the same on every machine: the tests compare that
//! with the record, `docs/measured.json`. The *real runs* are counted by `cargo xtask measure`, which runs the same tests
//! with two variables set: [`FREQUENCY_RUNS_VAR`] and [`FREQUENCY_FILE_VAR`].

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::Duration;
use std::{env, panic, thread};

use serde::{Deserialize, Serialize};

use crate::guarantees::Outputs;
use crate::mistakes::compiled::{Compiled, real_runs};
use crate::mistakes::mistake::Mistake;
use crate::mistakes::outcome::{Outcome, Outcomes};
use crate::run::program::{Program, Run};

/// The environment variable that says how many real runs to count.
pub const FREQUENCY_RUNS_VAR: &str = "FREQUENCY_RUNS";

/// The environment variable that names the file to which each lesson appends its [`Rows`], as one line of JSON.
pub const FREQUENCY_FILE_VAR: &str = "FREQUENCY_FILE";

/// The record of all figures that the pages show, relative to the root of the workspace.
pub const RECORD: &str = "docs/measured.json";

/// Without [`FREQUENCY_RUNS_VAR`], a mistake is run this often, to check that real runs do only what is possible.
const DEFAULT_RUNS: usize = 3;

/// The time between the starts of staggered runs: ten times as long as a lesson takes to start and reach its sleep.
const STAGGER: Duration = Duration::from_millis(30);

/// The kind of the rows about the programs in `wrong/`.
pub const MISTAKES: &str = "mistakes";

/// The kind of the rows about coincidences.
pub const COINCIDENCES: &str = "coincidences";

/// Decides from the lines of a run whether a coincidence shows in it.
pub type Predicate = fn(&[&str]) -> bool;

/// How the real runs of a lesson follow each other. None starts while another starts: the start decides what is first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// Each run starts when the one before has ended.
    Sequential,
    /// Each run starts shortly after the start of the one before: for lessons that sleep.
    Staggered,
}

/// A number of cases out of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fraction {
    /// The number of cases.
    pub count: usize,
    /// The number of all.
    pub of: usize,
}

/// How often one mistake or coincidence shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The name of a program in `wrong/`, or the description of a coincidence.
    pub what: String,
    /// In how many real runs.
    pub real: Fraction,
    /// In how many real runs of the optimised program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optimised: Option<Fraction>,
    /// In how many possible outcomes; `None` for processes, which cannot be explored.
    pub possible: Option<Fraction>,
}

/// All rows of one kind and one lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// [`MISTAKES`] or [`COINCIDENCES`].
    pub about: String,
    /// The name of the lesson.
    pub lesson: String,
    /// In the order in which the pages show them.
    pub rows: Vec<Row>,
}

/// The part of the record that the tests compare.
#[derive(Debug, Deserialize)]
struct Record {
    counts: Vec<Rows>,
}

/// The counts of one lesson.
#[derive(Debug)]
pub struct Frequencies {
    folder: &'static str,
    wanted: Option<usize>,
    counted: Rows,
}

impl Frequencies {
    /// Starts counting the mistakes of the lesson in `folder`: in its tests, `env!("CARGO_MANIFEST_DIR")`.
    ///
    /// # Panics
    /// Panics if [`FREQUENCY_RUNS_VAR`] is not a number.
    #[must_use]
    pub fn of_mistakes(folder: &'static str) -> Self {
        Self::about(MISTAKES, folder)
    }

    /// Starts counting the coincidences of the lesson in `folder`.
    ///
    /// # Panics
    /// Panics if [`FREQUENCY_RUNS_VAR`] is not a number.
    #[must_use]
    pub fn of_coincidences(folder: &'static str) -> Self {
        Self::about(COINCIDENCES, folder)
    }

    fn about(about: &str, folder: &'static str) -> Self {
        let number = |runs: String| {
            runs.parse().unwrap_or_else(|_| panic!("{FREQUENCY_RUNS_VAR} is not a number: {runs}"))
        };
        let wanted = env::var(FREQUENCY_RUNS_VAR).ok().map(number);
        let lesson = Path::new(folder).file_name().expect("the folder of a lesson").to_string_lossy();
        let counted = Rows { about: about.to_owned(), lesson: lesson.into_owned(), rows: Vec::new() };
        Self { folder, wanted, counted }
    }

    /// Counts in how many real runs of `wrong/NAME.rs`, and in how many of its `possible` outcomes, the mistake shows.
    ///
    /// # Panics
    /// Panics if a real run has an outcome that is not possible, or the mistake shows in all possible outcomes, or in none.
    pub fn mistake(&mut self, name: &str, possible: &Outcomes, shows: impl Fn(&Outcome) -> bool) {
        let mistake = Mistake::read(self.folder, name);
        let real = |program: &Compiled| {
            let runs = real_runs(program, self.wanted.unwrap_or(DEFAULT_RUNS));
            for outcome in &runs {
                let is_possible = possible.iter().any(|possible| outcome.matches(possible));
                assert!(is_possible, "{name}: no schedule gives the outcome of this real run: {outcome}");
            }
            fraction(&runs, &shows)
        };
        let row = Row {
            what: name.to_owned(),
            real: real(&Compiled::new(mistake.source())),
            // Only measured, not tested.
            optimised: self.wanted.map(|_| real(&Compiled::optimised(mistake.source()))),
            possible: Some(assert_nontrivial(name, fraction(possible, &shows))),
        };
        self.counted.rows.push(row);
    }

    /// Counts in how many real runs of `program`, and in how many of its `possible` outputs if they are known, each
    /// coincidence shows. Lessons take longer than the programs of `wrong/`: only a tenth of [`FREQUENCY_RUNS_VAR`] is run,
    /// and none if it is not set.
    ///
    /// # Panics
    /// Panics if a coincidence shows in all possible outputs, or in none; or as [`Program::run`] does.
    pub fn coincidences(
        &mut self,
        program: &Program,
        spacing: Spacing,
        possible: Option<&Outputs>,
        coincidences: &[(&str, Predicate)],
    ) {
        let runs = real_runs_of(program, spacing, self.wanted.map_or(0, |wanted| wanted.div_ceil(10)));
        for (what, shows) in coincidences {
            let in_run = |run: &Run| shows(&run.lines().collect::<Vec<_>>());
            let in_output =
                |lines: &Vec<String>| shows(&lines.iter().map(String::as_str).collect::<Vec<_>>());
            let row = Row {
                what: (*what).to_owned(),
                real: fraction(&runs, in_run),
                optimised: None,
                possible: possible.map(|outputs| assert_nontrivial(what, fraction(outputs, in_output))),
            };
            self.counted.rows.push(row);
        }
    }

    /// Asserts that the record has these rows, as far as they are the same on every machine. If [`FREQUENCY_FILE_VAR`] is
    /// set, appends them to that file instead.
    pub fn assert_recorded(self) {
        if let Some(file) = env::var_os(FREQUENCY_FILE_VAR) {
            let mut file = OpenOptions::new().append(true).create(true).open(file).expect("the file opens");
            let line = serde_json::to_string(&self.counted).expect("rows are JSON") + "\n";
            return file.write_all(line.as_bytes()).expect("the file can be written");
        }
        let path = Path::new(self.folder).join("../..").join(RECORD);
        let record =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {RECORD}: {error}"));
        let record: Record = serde_json::from_str(&record).expect("the record has the fields of a record");
        let Rows { about, lesson, rows } = &self.counted;
        let recorded = record.counts.into_iter().find(|rows| rows.about == *about && rows.lesson == *lesson);
        let Some(recorded) = recorded.map(|rows| rows.rows) else {
            // A new lesson: its page says that nothing is measured yet.
            return;
        };
        let same = |rows: &[Row]| rows.iter().map(|row| (row.what.clone(), row.possible)).collect::<Vec<_>>();
        assert_eq!(
            same(&recorded),
            same(rows),
            "the {about} of {lesson} in {RECORD} (left) are not those that are possible (right): \
             run `cargo xtask measure {about} --write`"
        );
    }
}

fn real_runs_of(program: &Program, spacing: Spacing, count: usize) -> Vec<Run> {
    if spacing == Spacing::Sequential {
        return (0..count).map(|_| program.run()).collect();
    }
    thread::scope(|scope| {
        let start = |_| {
            thread::sleep(STAGGER);
            scope.spawn(|| program.run())
        };
        let runs: Vec<_> = (0..count).map(start).collect();
        runs.into_iter().map(|run| run.join().unwrap_or_else(|panic| panic::resume_unwind(panic))).collect()
    })
}

fn fraction<'a, T: 'a>(all: impl IntoIterator<Item = &'a T>, shows: impl Fn(&T) -> bool) -> Fraction {
    let (mut count, mut of) = (0, 0);
    for one in all {
        count += usize::from(shows(one));
        of += 1;
    }
    Fraction { count, of }
}

/// Asserts that something shows sometimes: what always shows is guaranteed, and what never shows is impossible.
fn assert_nontrivial(what: &str, fraction: Fraction) -> Fraction {
    let Fraction { count, of } = fraction;
    assert!(
        0 < count && count < of,
        "{what:?} shows in {count} of {of} outcomes: it does not depend on timing"
    );
    fraction
}
