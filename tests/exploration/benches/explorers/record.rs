//! What an explorer is given, what it reports, and the record of its runs.

use std::cell::RefCell;
use std::fmt::{self, Display, Formatter};
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use course_tests::mistakes::{Outcome, Outcomes};
use serde::Serialize;

/// A program of `programs.rs`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Program {
    /// This many threads lock a number, print it, increment it and print it again: shared-data's scenario `thread`.
    Threads(usize),
    /// Two threads print three lines each, without a lock.
    Lines,
    ReadThenWrite,
    WaitWithoutALoop,
    OppositeOrders,
}

impl Display for Program {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threads(count) => write!(out, "{count} threads"),
            Self::Lines => out.write_str("2 threads, no lock"),
            Self::ReadThenWrite => out.write_str("read_then_write"),
            Self::WaitWithoutALoop => out.write_str("wait_without_a_loop"),
            Self::OppositeOrders => out.write_str("opposite_orders"),
        }
    }
}

/// An exploration that takes longer is given up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) runs: usize,
    pub(crate) time: Duration,
}

/// How an exploration ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum End {
    /// Nothing was left to run.
    Complete,
    /// At the first run that waits forever: the explorer does not go on after that.
    Deadlock,
    /// At the limit, with runs left.
    Limit,
    /// Before its first run: the explorer cannot run this many threads.
    TooManyThreads,
}

/// What an explorer has found.
#[derive(Debug)]
pub(crate) struct Explored {
    pub(crate) runs: usize,
    pub(crate) end: End,
    pub(crate) outcomes: Outcomes,
    /// The last run with a new outcome, if the explorer reports it.
    pub(crate) last_new: Option<usize>,
}

#[derive(Default)]
struct Record {
    runs: usize,
    /// The lines of the current run.
    lines: Vec<String>,
    outcomes: Outcomes,
    last_new: Option<usize>,
}

thread_local! {
    // The threads of an explored program are coroutines of one thread of the system.
    static RECORD: RefCell<Record> = RefCell::default();
}

/// Adds a line to the current run.
pub(crate) fn print(line: String) {
    RECORD.with_borrow_mut(|record| record.lines.push(line));
}

/// Makes a run of `program`.
pub(crate) fn run(program: impl FnOnce()) {
    RECORD.with_borrow_mut(|record| {
        record.runs += 1;
        record.lines.clear();
    });
    program();
    end_run(true);
}

fn end_run(ended: bool) {
    RECORD.with_borrow_mut(|record| {
        let lines = record.lines.clone();
        if record.outcomes.insert(Outcome { lines, ended }) {
            record.last_new = Some(record.runs);
        }
    });
}

/// Returns what an explorer finds. `work` calls [`run`] for each run, and panics at a deadlock.
pub(crate) fn explore(limit: Limit, work: impl FnOnce()) -> Explored {
    RECORD.take();
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| ()));
    let start = Instant::now();
    let explored = panic::catch_unwind(AssertUnwindSafe(work));
    let took = start.elapsed();
    panic::set_hook(hook);
    if let Err(payload) = &explored {
        let message = payload.downcast_ref::<String>().map_or("", String::as_str);
        assert!(message.contains("deadlock"), "the explorer panicked: {message}");
        end_run(false);
    }
    let Record { runs, outcomes, last_new, .. } = RECORD.take();
    let end = match explored {
        Err(_) => End::Deadlock,
        Ok(()) if runs >= limit.runs || took >= limit.time => End::Limit,
        Ok(()) => End::Complete,
    };
    Explored { runs, end, outcomes, last_new }
}
