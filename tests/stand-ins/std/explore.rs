//! Runs a program under one schedule after the other, and collects what it can print.

use std::sync::{Arc, Mutex};

use course_tests::TraceSpec;
use course_tests::guarantees::{Evidence, Guarantees, Outputs, derive};
use course_tests::mistakes::{Outcome, Outcomes};
use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler, Schedule, Scheduler, Task, TaskId};
use shuttle::{Config, FailurePersistence, Runner};

use crate::live_threads;
use crate::printed::{self, yield_point};

/// More schedules than this take too long for a test.
const MAX_SCHEDULES: usize = 2_000_000;

/// How many random schedules are run before the first check for new outputs.
const FIRST_SCHEDULES: usize = 2_000;

/// If new outputs keep appearing after this many random schedules, there are too many to find them all.
const MAX_RANDOM_SCHEDULES: usize = 64_000;

/// At how many steps of a run the current thread gets the lowest priority. (The scheduler's depth is one more: the number
/// of steps whose order a mistake may depend on.)
const PRIORITY_CHANGES: usize = 2;

/// How thorough an exploration was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Explored {
    /// Every schedule.
    EverySchedule,
    /// Random schedules, until no new output appeared.
    Random,
}

/// What a program can print.
#[derive(Debug, Clone)]
pub struct Exploration {
    /// The possible outputs, each a list of lines.
    pub outputs: Outputs,
    explored: Explored,
}

impl Exploration {
    /// Returns what all outputs have in common.
    ///
    /// # Panics
    /// Panics if `spec` declares no actor for a line.
    #[must_use]
    pub fn guarantees(&self, spec: &TraceSpec) -> Guarantees {
        let outputs = self.outputs.len();
        // The number of schedules is not part of it: it changes with the version of the scheduler.
        let found = match self.explored {
            Explored::EverySchedule => Evidence::every_schedule(Some(outputs)),
            Explored::Random => Evidence::RandomSchedules { outputs: Some(outputs) },
        };
        derive(&self.outputs, found, spec)
    }

    /// Asserts that `output`, of a real run or of another language, is one of the possible outputs, apart from what varies
    /// by `spec` (process ids, for example).
    ///
    /// # Panics
    /// Panics if it is not.
    pub fn assert_allows(&self, output: &str, spec: &TraceSpec) {
        let labels: Vec<String> = output.lines().map(|line| spec.label(line)).collect();
        let is_possible =
            |lines: &Vec<String>| lines.iter().map(|line| spec.label(line)).eq(labels.iter().cloned());
        let count = self.outputs.len();
        assert!(
            self.outputs.iter().any(is_possible),
            "this is not one of the {count} possible outputs:\n{output}"
        );
    }
}

/// Runs `program` under every schedule.
///
/// A run ends when `program` returns, as the process of a real program does: what a thread would do after that (print,
/// wait forever, panic) does not count.
///
/// # Panics
/// Panics if there are too many schedules, or if under one of them the program panics or its threads deadlock.
#[must_use]
pub fn every_schedule(program: impl Fn() + Send + Sync + 'static) -> Exploration {
    Exploration { outputs: outputs(depth_first(), program), explored: Explored::EverySchedule }
}

/// Runs `program` under random schedules, the same ones each time, until twice as many as before have shown no new output.
///
/// Half of them choose a thread at random at each step, which finds what is likely. The other half give each thread a
/// priority and change it at a few steps (probabilistic concurrency testing), which finds what needs a long delay.
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
        assert!(
            runs <= MAX_RANDOM_SCHEDULES,
            "new outputs keep appearing after {} outputs: explore a smaller program",
            found.len()
        );
    }
}

/// Runs `program` under every schedule, and returns all its outcomes. Unlike [`every_schedule`] it does not stop at a
/// deadlock, which is an outcome too.
///
/// # Panics
/// Panics if there are too many schedules, or the program panics under one of them.
#[must_use]
pub fn outcomes(program: impl Fn() + Send + Sync + 'static) -> Outcomes {
    explore(depth_first(), false, program)
}

/// Returns what `program` prints under the schedules of a scheduler.
fn outputs(schedules: impl Scheduler + 'static, program: impl Fn() + Send + Sync + 'static) -> Outputs {
    let outcomes = explore(schedules, true, program);
    let deadlock = outcomes.iter().find(|outcome| !outcome.ended).map(Outcome::to_string);
    assert_eq!(deadlock, None, "deadlock: every thread waits for another");
    outcomes.into_iter().map(|outcome| outcome.lines).collect()
}

/// Every schedule, if there are not too many.
fn depth_first() -> DfsScheduler {
    DfsScheduler::new(Some(MAX_SCHEDULES), false)
}

/// Returns the outcomes of `program` under the schedules of a scheduler; if `until_deadlock`, up to the first deadlock.
fn explore(
    schedules: impl Scheduler + 'static,
    until_deadlock: bool,
    program: impl Fn() + Send + Sync + 'static,
) -> Outcomes {
    let runs = Arc::new(Mutex::new(Runs::default()));
    let current = Arc::clone(&runs);
    let schedules = UntilMainReturns { schedules, until_deadlock, runs: Arc::clone(&runs) };
    let count = Runner::new(schedules, quiet()).run(move || {
        // What the threads of the previous run printed after its end.
        printed::take();
        live_threads::reset();
        // The sentinel task.
        shuttle::thread::spawn(|| ());
        program();
        // The end of main is a step too: before it, other threads can print once more.
        yield_point();
        current.lock().expect("not poisoned").end(true);
    });
    assert!(
        count < MAX_SCHEDULES,
        "there are more than {MAX_SCHEDULES} schedules: explore a smaller program"
    );
    runs.lock().expect("not poisoned").outcomes.clone()
}

/// Prints nothing about how to replay a failing schedule: the test itself says what failed.
fn quiet() -> Config {
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::None;
    config
}

/// The runs so far.
#[derive(Default)]
struct Runs {
    outcomes: Outcomes,
    /// Whether the current run has ended, or is in a deadlock.
    over: bool,
    /// Whether no thread was left when main returned.
    main_was_last: bool,
    /// Whether a run was in a deadlock.
    deadlocked: bool,
}

impl Runs {
    fn end(&mut self, ended: bool) {
        self.outcomes.insert(Outcome { lines: printed::take(), ended });
        self.over = true;
        self.main_was_last = ended && live_threads::none();
        self.deadlocked |= !ended;
    }
}

/// Stops a run once main has returned, as the end of a process does, or once no thread can continue. To be asked in that
/// case too, where the scheduler would panic, it needs one more thread, which main starts first: the sentinel task, which
/// could always continue but is never chosen.
struct UntilMainReturns<S> {
    schedules: S,
    until_deadlock: bool,
    runs: Arc<Mutex<Runs>>,
}

impl<S: Scheduler> Scheduler for UntilMainReturns<S> {
    fn new_execution(&mut self) -> Option<Schedule> {
        let mut runs = self.runs.lock().expect("not poisoned");
        runs.over = false;
        if runs.deadlocked && self.until_deadlock { None } else { self.schedules.new_execution() }
    }

    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>, yields: bool) -> Option<TaskId> {
        let sentinel = TaskId::from(1);
        let others: Vec<&Task> = runnable.iter().copied().filter(|task| task.id() != sentinel).collect();
        let mut runs = self.runs.lock().expect("not poisoned");
        if !runs.over && others.is_empty() {
            runs.end(false);
        }
        if !runs.over {
            return self.schedules.next_task(&others, current, yields);
        }
        // If no thread is left that would do anything, let the run end: that is faster than stopping it.
        let ending = others.first().map_or(sentinel, |task| task.id());
        runs.main_was_last.then_some(ending)
    }

    fn next_u64(&mut self) -> u64 {
        self.schedules.next_u64()
    }
}
