//! Runs a program under one schedule after the other, and collects what it can print.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use course_tests::Tidy;
use course_tests::promises::{Outputs, promises};
use shuttle::scheduler::{DfsScheduler, RandomScheduler, Scheduler};
use shuttle::{Config, Runner};

use crate::printed;

/// More schedules than this take longer than a test should: then there is no counting out.
const MOST_SCHEDULES: usize = 2_000_000;

/// Whether everything was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explored {
    /// Every schedule there is.
    EverySchedule(usize),
    /// So many, chosen at random.
    Some(usize),
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
    /// What all of the outputs have in common, in words: see [`promises`](course_tests::promises::promises).
    ///
    /// # Panics
    /// When `tidy` does not say who prints a line.
    #[must_use]
    pub fn promises(&self, tidy: &Tidy) -> String {
        let how = match self.explored {
            // Their number is the scheduler's own affair, and changes with its version.
            Explored::EverySchedule(_) => "every schedule was run".to_owned(),
            Explored::Some(schedules) => format!("{schedules} schedules were run, chosen at random"),
        };
        promises(&self.outputs, &how, tidy)
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

/// Runs `program` under `count` schedules, chosen at random, the same ones each time.
///
/// # Panics
/// As [`every_order`].
#[must_use]
pub fn some_orders(count: usize, program: impl Fn() + Send + Sync + 'static) -> Orders {
    const SEED: u64 = 20_240_521;
    let (outputs, schedules) = explore(RandomScheduler::new_from_seed(SEED, count), program);
    Orders { outputs, explored: Explored::Some(schedules) }
}

fn explore(
    scheduler: impl Scheduler + 'static,
    program: impl Fn() + Send + Sync + 'static,
) -> (Outputs, usize) {
    let outputs = Arc::new(Mutex::new(BTreeSet::new()));
    let collected = Arc::clone(&outputs);
    let runs = Runner::new(scheduler, Config::new()).run(move || {
        // Whatever the threads of the run before have printed after its end.
        printed::take();
        program();
        // The end of main is a step too: what still runs may print once more before it.
        shuttle::thread::yield_now();
        collected.lock().expect("nobody panics with it").insert(printed::take());
    });
    let outputs = outputs.lock().expect("nobody panics with it").clone();
    (outputs, runs)
}
