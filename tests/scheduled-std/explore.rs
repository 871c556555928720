//! Runs a program under one schedule after the other, and collects what it can print.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use course_tests::Tidy;
use course_tests::promises::{Outputs, promises};
use course_tests::wrong::{Seen, Tally};
use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler, Schedule, Scheduler, Task, TaskId};
use shuttle::{Config, FailurePersistence, Runner};

use crate::printed;

/// More schedules than this take longer than a test should: then there is no counting out.
const MOST_SCHEDULES: usize = 2_000_000;

/// How many random schedules are run before it is asked whether there is anything new.
const FIRST_SCHEDULES: usize = 2_000;

/// Where new outputs keep coming after so many, there are too many to find them all.
const MOST_RANDOM_SCHEDULES: usize = 64_000;

/// Whether everything was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explored {
    /// Every schedule there is.
    EverySchedule(usize),
    /// So many, chosen at random, until there was nothing new.
    Random(usize),
}

/// What a program can print.
#[derive(Debug, Clone)]
pub struct Orders {
    /// The possible outputs, each a list of lines.
    pub outputs: Outputs,
    /// How they were found.
    pub explored: Explored,
}

impl Orders {
    /// What all of the outputs have in common, in words: see [`promises`].
    ///
    /// # Panics
    /// When `tidy` does not say who prints a line.
    #[must_use]
    pub fn promises(&self, tidy: &Tidy) -> String {
        let how = match self.explored {
            // Their number is the scheduler's own affair, and changes with its version.
            Explored::EverySchedule(_) => "every schedule was run".to_owned(),
            Explored::Random(_) => "schedules were run at random until nothing new came".to_owned(),
        };
        promises(&self.outputs, &how, tidy)
    }

    /// Holds that `output`, of a real run or of another language, is one of the possible ones; but for what `erasing`
    /// erases (pids, say).
    ///
    /// # Panics
    /// A test's failure: it is none of them.
    pub fn assert_allow(&self, output: &str, erasing: &Tidy) {
        let erased = |line: &str| erasing.erased(line);
        let lines: Vec<String> = output.lines().map(erased).collect();
        let possible = |lines_of_one: &Vec<String>| {
            lines_of_one.iter().map(|line| erased(line)).eq(lines.iter().cloned())
        };
        let count = self.outputs.len();
        assert!(self.outputs.iter().any(possible), "this is none of the {count} possible outputs:\n{output}");
    }
}

/// Runs `program` under every schedule there is.
///
/// What is printed after it has returned does not count: the process of a real program would have ended.
///
/// # Panics
/// When there are too many schedules to try them all; when the program panics, or its threads wait for each other for
/// ever, under one of them.
#[must_use]
pub fn every_order(program: impl Fn() + Send + Sync + 'static) -> Orders {
    let (outputs, schedules) = explore(DfsScheduler::new(Some(MOST_SCHEDULES), false), program);
    assert!(
        schedules < MOST_SCHEDULES,
        "there are more schedules than {MOST_SCHEDULES}: explore a smaller program"
    );
    Orders { outputs, explored: Explored::EverySchedule(schedules) }
}

/// Runs `program` under schedules chosen at random, the same ones each time, until as many again as before have shown
/// no output that was new.
///
/// Half of them choose anew at each step, which finds what is likely. The other half give each thread a priority and
/// change it at a few steps (probabilistic concurrency testing), which finds what takes a thread that is held up long.
///
/// # Panics
/// As [`every_order`].
#[must_use]
pub fn random_orders(program: impl Fn() + Send + Sync + 'static) -> Orders {
    const PRIORITY_CHANGES: usize = 3;
    let program = Arc::new(program);
    let mut outputs = Outputs::new();
    let mut runs = FIRST_SCHEDULES;
    loop {
        let (one, other) = (Arc::clone(&program), Arc::clone(&program));
        let seed = runs as u64;
        let known = outputs.len();
        outputs.extend(explore(RandomScheduler::new_from_seed(seed, runs / 2), move || one()).0);
        let by_priority = PctScheduler::new_from_seed(seed, PRIORITY_CHANGES, runs / 2);
        outputs.extend(explore(by_priority, move || other()).0);
        if outputs.len() == known {
            return Orders { outputs, explored: Explored::Random(runs) };
        }
        runs *= 2;
        assert!(
            runs <= MOST_RANDOM_SCHEDULES,
            "there are {} outputs, and new ones keep coming",
            outputs.len()
        );
    }
}

/// Says nothing of how to run a failing schedule again: a test says what failed.
fn quiet() -> Config {
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::None;
    config
}

fn explore(
    scheduler: impl Scheduler + 'static,
    program: impl Fn() + Send + Sync + 'static,
) -> (Outputs, usize) {
    let outputs = Arc::new(Mutex::new(BTreeSet::new()));
    let collected = Arc::clone(&outputs);
    let runs = Runner::new(scheduler, quiet()).run(move || {
        // Whatever the threads of the run before have printed after its end.
        printed::take();
        program();
        // The end of main is a step too: what still runs may print once more before it.
        crate::step();
        collected.lock().expect("nobody panics with it").insert(printed::take());
    });
    let outputs = outputs.lock().expect("nobody panics with it").clone();
    (outputs, runs)
}

/// Runs `program` under every schedule there is, and counts under how many of them it does what. Unlike
/// [`every_order`] it does not stop where the threads wait for each other for ever: that is counted too.
///
/// # Panics
/// When there are too many schedules to try them all; when the program panics under one of them.
#[must_use]
pub fn every_schedule(program: impl Fn() + Send + Sync + 'static) -> Tally {
    let now = Arc::new(Mutex::new(Counted::default()));
    let counted = Arc::clone(&now);
    let schedules = DfsScheduler::new(Some(MOST_SCHEDULES), false);
    let runs = Runner::new(UntilItEnds { schedules, counted }, Config::new()).run({
        let counted = Arc::clone(&now);
        move || {
            printed::take();
            // The thread that is passed over.
            shuttle::thread::spawn(|| ());
            program();
            crate::step();
            counted.lock().expect("nobody panics with it").run_ends(true);
        }
    });
    assert!(runs < MOST_SCHEDULES, "there are more schedules than {MOST_SCHEDULES}");
    now.lock().expect("nobody panics with it").tally.clone()
}

/// The runs up to now, and whether the last of them has ended.
#[derive(Default)]
struct Counted {
    tally: Tally,
    over: bool,
}

impl Counted {
    fn run_ends(&mut self, ended: bool) {
        self.tally.count(Seen { lines: printed::take(), ended });
        self.over = true;
    }
}

/// Gives a run up once main has returned, as a process ends; or when no thread can go on. To be asked then too, where
/// the scheduler would panic, it needs one more thread, which main starts first: that could always go on, and is passed
/// over.
struct UntilItEnds<S> {
    schedules: S,
    counted: Arc<Mutex<Counted>>,
}

impl<S: Scheduler> Scheduler for UntilItEnds<S> {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.counted.lock().expect("nobody panics with it").over = false;
        self.schedules.new_execution()
    }

    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>, yields: bool) -> Option<TaskId> {
        let passed_over = TaskId::from(1);
        let others: Vec<&Task> = runnable.iter().copied().filter(|task| task.id() != passed_over).collect();
        let mut counted = self.counted.lock().expect("nobody panics with it");
        if !counted.over && others.is_empty() {
            counted.run_ends(false);
        }
        if counted.over { None } else { self.schedules.next_task(&others, current, yields) }
    }

    fn next_u64(&mut self) -> u64 {
        self.schedules.next_u64()
    }
}
