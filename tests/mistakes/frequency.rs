//! How often something shows that nothing promises: a mistake of `wrong/`, or an order that only looks kept.
//!
//! Each has two frequencies. What is *possible* is counted under a scheduler and is the same on every machine: the tests hold
//! it to the record, `docs/measured.json`. The *real runs* are counted by `cargo xtask measure`, which runs the same
//! tests, and tells them by two variables how many runs it wants ([`RUNS`]) and where their rows go ([`FILE`]).

use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::guarantees::Outputs;
use crate::mistakes::{Compiled, Histogram, Mistake, Outcome, real_runs};
use crate::run::program::{Program, Run};

/// The variable that says how many real runs are to be counted.
pub const RUNS: &str = "FREQUENCY_RUNS";

/// The variable that names the file to which each lesson's [`Rows`] are added, as one line of JSON.
pub const FILE: &str = "FREQUENCY_FILE";

/// The frequencies that the pages show, from the root of the workspace.
pub const RECORD: &str = "docs/measured.json";

/// Without a wish, so many real runs of a mistake hold that what they do is something that a schedule does.
const FEW: usize = 3;

/// Ten times as long as a lesson takes to start and to come to its sleep.
const APART: Duration = Duration::from_millis(30);

/// The name of the rows about the programs in `wrong/`.
pub const MISTAKES: &str = "mistakes";

/// The name of the rows about orders that only look kept.
pub const COINCIDENCES: &str = "coincidences";

/// Whether the lines of a run are such.
pub type Predicate = fn(&[&str]) -> bool;

/// How the real runs of a lesson follow each other. Either way none is started while another starts: what is counted is
/// who is first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// Each when the one before has ended.
    Sequential,
    /// Each a little after the start of the one before: of lessons that sleep.
    Staggered,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fraction {
    /// How many of them.
    pub count: usize,
    /// How many there are.
    pub of: usize,
}

/// What shows, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The name of a program in `wrong/`; or in words, what a run looks as if.
    pub what: String,
    /// In how many real runs.
    pub real: Fraction,
    /// In how many, where the program is optimised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optimised: Option<Fraction>,
    /// Under how many of all schedules (of a mistake), or in how many of all possible outputs; `None` of processes, which
    /// cannot be explored.
    pub possible: Option<Fraction>,
}

/// All rows of a lesson that are about the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// [`MISTAKES`] or [`COINCIDENCES`].
    pub about: String,
    /// The name of the lesson.
    pub lesson: String,
    /// In the order in which the pages show them.
    pub rows: Vec<Row>,
}

/// The part of the record that the tests hold.
#[derive(Debug, Deserialize)]
struct Record {
    counts: Vec<Rows>,
}

/// Counts for one lesson.
#[derive(Debug)]
pub struct Frequencies {
    folder: &'static str,
    wanted: Option<usize>,
    counted: Rows,
}

impl Frequencies {
    /// About the mistakes of the lesson in `folder`: in its tests, `env!("CARGO_MANIFEST_DIR")`.
    ///
    /// # Panics
    /// When [`RUNS`] is no number.
    #[must_use]
    pub fn of_mistakes(folder: &'static str) -> Self {
        Self::about(MISTAKES, folder)
    }

    /// About what only looks as if it were promised.
    ///
    /// # Panics
    /// As [`Frequencies::of_mistakes`].
    #[must_use]
    pub fn of_coincidences(folder: &'static str) -> Self {
        Self::about(COINCIDENCES, folder)
    }

    fn about(about: &str, folder: &'static str) -> Self {
        let wanted =
            env::var(RUNS).ok().map(|runs| runs.parse().expect("FREQUENCY_RUNS is a number of runs"));
        let lesson = Path::new(folder).file_name().expect("the folder of a lesson").to_string_lossy();
        let counted = Rows { about: about.to_owned(), lesson: lesson.into_owned(), rows: Vec::new() };
        Self { folder, wanted, counted }
    }

    /// Runs `wrong/NAME.rs` for real, and puts it beside what every schedule does. The mistake has shown in a run if
    /// `shows` says so.
    ///
    /// # Panics
    /// A test's failure: a real run does what no schedule does, or the mistake shows under none of them, or under all.
    pub fn mistake(&mut self, name: &str, schedules: &Histogram, shows: impl Fn(&Outcome) -> bool) {
        let wrong = Mistake::read(self.folder, name);
        let real = |program: &Compiled| {
            let runs = real_runs(program, self.wanted.unwrap_or(FEW));
            for seen in runs.seen() {
                let possible = schedules.seen().any(|other| seen.is(other));
                assert!(possible, "{name} does this under no schedule: {}", seen.one_line());
            }
            share(&runs, &shows)
        };
        let row = Row {
            what: name.to_owned(),
            real: real(&Compiled::new(wrong.source())),
            // As real as the others, and only of interest to who asks for the frequencies.
            optimised: self.wanted.map(|_| real(&Compiled::optimised(wrong.source()))),
            possible: Some(assert_nontrivial(name, share(schedules, &shows))),
        };
        self.counted.rows.push(row);
    }

    /// Runs `program` for real, at this pace, and puts that beside its `possible` outputs, if they are known.
    /// Each of `looks` is what a run may look as if it kept, and whether its lines do. Real runs are a tenth of those that
    /// are wanted, for a lesson takes longer than a program of `wrong/`; without a wish, there is none.
    ///
    /// # Panics
    /// A test's failure: it is kept in every possible output, so no luck, or in none. As [`Program::run`].
    pub fn coincidences(
        &mut self,
        (program, pace): (&Program, Spacing),
        possible: Option<&Outputs>,
        looks: &[(&str, Predicate)],
    ) {
        let runs = real_runs_of(program, pace, self.wanted.map_or(0, |wanted| wanted.div_ceil(10)));
        for (what, kept) in looks {
            let in_run = |run: &&Run| kept(&run.lines().collect::<Vec<_>>());
            let in_output =
                |lines: &&Vec<String>| kept(&lines.iter().map(String::as_str).collect::<Vec<_>>());
            let possible = possible.map(|outputs| {
                assert_nontrivial(
                    what,
                    Fraction { count: outputs.iter().filter(in_output).count(), of: outputs.len() },
                )
            });
            let real = Fraction { count: runs.iter().filter(in_run).count(), of: runs.len() };
            let what = (*what).to_owned();
            self.counted.rows.push(Row { what, real, optimised: None, possible });
        }
    }

    /// Holds that the record has these rows, as far as they are the same on every machine; or adds them to the file that
    /// is wanted.
    ///
    /// # Panics
    /// A test's failure: the record has others. When a file cannot be read, or written.
    pub fn assert_recorded(self) {
        if let Some(file) = env::var_os(FILE) {
            let mut file = OpenOptions::new().append(true).create(true).open(file).expect("the file opens");
            let line = serde_json::to_string(&self.counted).expect("rows are JSON") + "\n";
            return file.write_all(line.as_bytes()).expect("the file can be written");
        }
        let path = Path::new(self.folder).join("../..").join(RECORD);
        let record = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{RECORD}: {error}"));
        let record: Record = serde_json::from_str(&record).expect("the record can be understood");
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
            "of {lesson}, {RECORD} has (left) other {about} than there are (right): \
             `cargo xtask measure {about} --write` counts them anew"
        );
    }
}

fn real_runs_of(program: &Program, pace: Spacing, count: usize) -> Vec<Run> {
    if pace == Spacing::Sequential {
        return (0..count).map(|_| program.run()).collect();
    }
    thread::scope(|scope| {
        let start = |_| {
            thread::sleep(APART);
            scope.spawn(|| program.run())
        };
        let runs: Vec<_> = (0..count).map(start).collect();
        runs.into_iter().map(|run| run.join().expect("every run is as it should be")).collect()
    })
}

fn share(tally: &Histogram, shows: impl Fn(&Outcome) -> bool) -> Fraction {
    Fraction { count: tally.count_where(shows), of: tally.all() }
}

/// What shows always is promised; what never shows is impossible.
fn assert_nontrivial(what: &str, share: Fraction) -> Fraction {
    assert!(0 < share.count && share.count < share.of, "{what:?} is no luck: it shows in {share:?}");
    share
}
