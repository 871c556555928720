//! Runs a program under one schedule after the other, and collects what it can print.

use std::sync::{Arc, Mutex};

use course_tests::TraceSpec;
use course_tests::guarantees::{Outputs, guarantees};
use course_tests::mistakes::{Histogram, Outcome};
use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler, Schedule, Scheduler, Task, TaskId};
use shuttle::{Config, FailurePersistence, Runner};

use crate::{live_threads, printed};

/// More schedules than this take longer than a test should: then there is no counting out.
const MOST_SCHEDULES: usize = 2_000_000;

/// How many random schedules are run before it is asked whether there is anything new.
const FIRST_SCHEDULES: usize = 2_000;

/// Where new outputs keep coming after so many, there are too many to find them all.
const MOST_RANDOM_SCHEDULES: usize = 64_000;

/// At so many steps of a run, the thread that goes on is put behind all others. (The scheduler calls one more than that
/// the depth: the number of steps whose order a mistake may depend on.)
const PRIORITY_CHANGES: usize = 2;

/// Whether everything was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Explored {
    /// Every schedule there is.
    EverySchedule,
    /// Schedules chosen at random, until there was nothing new.
    Random,
}

/// What a program can print.
#[derive(Debug, Clone)]
pub struct Exploration {
    /// The possible outputs, each a list of lines.
    pub outputs: Outputs,
    /// How they were found.
    explored: Explored,
}

impl Exploration {
    /// What all of the outputs have in common, in words: see [`guarantees`].
    ///
    /// # Panics
    /// When `spec` does not say who prints a line.
    #[must_use]
    pub fn guarantees(&self, spec: &TraceSpec) -> String {
        let how = match self.explored {
            // Their number is the scheduler's own affair, and changes with its version.
            Explored::EverySchedule => "every schedule was run".to_owned(),
            Explored::Random => "schedules were run at random until nothing new came".to_owned(),
        };
        guarantees(&self.outputs, &how, spec)
    }

    /// Holds that `output`, of a real run or of another language, is one of the possible ones; but for what `redacting`
    /// erases (pids, say).
    ///
    /// # Panics
    /// A test's failure: it is none of them.
    pub fn assert_allows(&self, output: &str, redacting: &TraceSpec) {
        let redacted = |line: &str| redacting.redacted(line);
        let lines: Vec<String> = output.lines().map(redacted).collect();
        let possible = |lines_of_one: &Vec<String>| {
            lines_of_one.iter().map(|line| redacted(line)).eq(lines.iter().cloned())
        };
        let count = self.outputs.len();
        assert!(self.outputs.iter().any(possible), "this is none of the {count} possible outputs:\n{output}");
    }
}

/// Runs `program` under every schedule there is.
///
/// A run ends when `program` has returned, as the process of a real program does: what a thread would do after that
/// (print, wait for ever, panic) does not count.
///
/// # Panics
/// When there are too many schedules to try them all; when the program panics, or its threads wait for each other for
/// ever, under one of them.
#[must_use]
pub fn every_schedule(program: impl Fn() + Send + Sync + 'static) -> Exploration {
    Exploration { outputs: outputs(every_one(), program), explored: Explored::EverySchedule }
}

/// Runs `program` under schedules chosen at random, the same ones each time, until as many again as before have shown
/// no output that was new.
///
/// Half of them choose anew at each step, which finds what is likely. The other half give each thread a priority and
/// change it at a few steps (probabilistic concurrency testing), which finds what takes a thread that is held up long.
///
/// # Panics
/// As [`every_schedule`].
#[must_use]
pub fn random_schedules(program: impl Fn() + Send + Sync + 'static) -> Exploration {
    let program = Arc::new(program);
    let mut found = Outputs::new();
    let mut runs = FIRST_SCHEDULES;
    loop {
        let (one, other) = (Arc::clone(&program), Arc::clone(&program));
        let seed = runs as u64;
        let known = found.len();
        found.extend(outputs(RandomScheduler::new_from_seed(seed, runs / 2), move || one()));
        let by_priority = PctScheduler::new_from_seed(seed, PRIORITY_CHANGES + 1, runs / 2);
        found.extend(outputs(by_priority, move || other()));
        if found.len() == known {
            return Exploration { outputs: found, explored: Explored::Random };
        }
        runs *= 2;
        assert!(runs <= MOST_RANDOM_SCHEDULES, "there are {} outputs, and new ones keep coming", found.len());
    }
}

/// Runs `program` under every schedule there is, and counts under how many of them it does what. Unlike
/// [`every_schedule`] it does not stop where the threads wait for each other for ever: that is counted too.
///
/// # Panics
/// When there are too many schedules to try them all; when the program panics under one of them.
#[must_use]
pub fn outcomes(program: impl Fn() + Send + Sync + 'static) -> Histogram {
    explore(every_one(), false, program)
}

/// What `program` prints under all the schedules of a scheduler.
fn outputs(schedules: impl Scheduler + 'static, program: impl Fn() + Send + Sync + 'static) -> Outputs {
    let seen = explore(schedules, true, program).into_distinct();
    let stuck = seen.iter().find(|seen| !seen.ended).map(Outcome::one_line);
    assert_eq!(stuck, None, "a deadlock: from here on, every thread waits for another");
    seen.into_iter().map(|seen| seen.lines).collect()
}

/// Every schedule there is, if there are not too many.
fn every_one() -> DfsScheduler {
    DfsScheduler::new(Some(MOST_SCHEDULES), false)
}

/// Counts what `program` does under the schedules of a scheduler.
fn explore(
    schedules: impl Scheduler + 'static,
    until_it_hangs: bool,
    program: impl Fn() + Send + Sync + 'static,
) -> Histogram {
    let seen = Arc::new(Mutex::new(Runs::default()));
    let now = Arc::clone(&seen);
    let schedules = UntilMainReturns { schedules, until_it_hangs, seen: Arc::clone(&seen) };
    let count = Runner::new(schedules, quiet()).run(move || {
        // Whatever the threads of the run before have printed after its end.
        printed::take();
        live_threads::forget();
        // The thread that is passed over.
        shuttle::thread::spawn(|| ());
        program();
        // The end of main is a step too: what still runs may print once more before it.
        crate::yield_point();
        now.lock().expect("nobody panics with it").end(true);
    });
    assert!(
        count < MOST_SCHEDULES,
        "there are more schedules than {MOST_SCHEDULES}: explore a smaller program"
    );
    seen.lock().expect("nobody panics with it").tally.clone()
}

/// Says nothing of how to run a failing schedule again: a test says what failed.
fn quiet() -> Config {
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::None;
    config
}

/// The runs up to now.
#[derive(Default)]
struct Runs {
    tally: Histogram,
    /// Whether the last one has come to its end, or cannot.
    over: bool,
    /// Whether main was the last of its threads.
    alone: bool,
    /// Whether there was one that could not.
    hung: bool,
}

impl Runs {
    fn end(&mut self, ended: bool) {
        self.tally.count(Outcome { lines: printed::take(), ended });
        self.over = true;
        self.alone = ended && live_threads::none();
        self.hung |= !ended;
    }
}

/// Gives a run up once main has returned, as a process ends; or when no thread can go on. To be asked then too, where
/// the scheduler would panic, it needs one more thread, which main starts first: that could always go on, and is passed
/// over.
struct UntilMainReturns<S> {
    schedules: S,
    until_it_hangs: bool,
    seen: Arc<Mutex<Runs>>,
}

impl<S: Scheduler> Scheduler for UntilMainReturns<S> {
    fn new_execution(&mut self) -> Option<Schedule> {
        let mut seen = self.seen.lock().expect("nobody panics with it");
        seen.over = false;
        if seen.hung && self.until_it_hangs { None } else { self.schedules.new_execution() }
    }

    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>, yields: bool) -> Option<TaskId> {
        let sentinel = TaskId::from(1);
        let others: Vec<&Task> = runnable.iter().copied().filter(|task| task.id() != sentinel).collect();
        let mut seen = self.seen.lock().expect("nobody panics with it");
        if !seen.over && others.is_empty() {
            seen.end(false);
        }
        if !seen.over {
            return self.schedules.next_task(&others, current, yields);
        }
        // Where all have ended but for their last breath, the run comes to its own end.
        let ending = others.first().map_or(sentinel, |task| task.id());
        seen.alone.then_some(ending)
    }

    fn next_u64(&mut self) -> u64 {
        self.schedules.next_u64()
    }
}
