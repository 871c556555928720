//! Shuttle, with its own schedulers and its own locks.

use ::shuttle::scheduler::{DfsScheduler, RandomScheduler, Scheduler};
use ::shuttle::{Config, FailurePersistence, Runner, sync, thread};

use crate::record::{self, Explored, Limit, Program};

/// How many random schedules are run: there is no end to them.
const RANDOM_RUNS: usize = 10_000;

#[path = "programs.rs"]
#[expect(clippy::duplicate_mod, reason = "compiled against another explorer's threads")]
mod programs;

#[path = "locked_print.rs"]
#[cfg_attr(
    feature = "peers",
    expect(clippy::duplicate_mod, reason = "compiled against another explorer's lock")
)]
mod locked_print;

use locked_print::{begin_run, print_line};

/// Explores a program, depth first.
pub(crate) fn depth_first(program: Program, limit: Limit) -> Explored {
    explore(DfsScheduler::new(Some(limit.runs), false), program, limit)
}

/// Runs a program under random schedules, the same ones each time.
pub(crate) fn at_random(program: Program, limit: Limit) -> Explored {
    let limit = Limit { runs: limit.runs.min(RANDOM_RUNS), ..limit };
    explore(RandomScheduler::new_from_seed(1, limit.runs), program, limit)
}

fn explore(scheduler: impl Scheduler + 'static, program: Program, limit: Limit) -> Explored {
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::None;
    config.max_time = Some(limit.time);
    record::explore(limit, || {
        Runner::new(scheduler, config).run(move || {
            begin_run(true);
            record::run(|| programs::run(program));
        });
    })
}
