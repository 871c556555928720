//! Loom, with its defaults: without a bound on preemptions.

use ::loom::model::Builder;
use ::loom::{MAX_THREADS, sync, thread};
use course_tests::mistakes::Outcomes;

use crate::record::{self, End, Explored, Limit, Program};

#[path = "programs.rs"]
#[expect(clippy::duplicate_mod, reason = "compiled against another explorer's threads")]
mod programs;

#[path = "locked_print.rs"]
#[expect(clippy::duplicate_mod, reason = "compiled against another explorer's lock")]
mod locked_print;

use locked_print::{begin_run, print_line};

/// Explores a program. If `prints` is set, a print is a step: it locks standard output.
fn explore(program: Program, prints: bool, limit: Limit) -> Explored {
    if matches!(program, Program::Threads(count) if count >= MAX_THREADS) {
        return Explored { runs: 0, end: End::TooManyThreads, outcomes: Outcomes::new(), last_new: None };
    }
    let mut builder = Builder::new();
    builder.max_permutations = Some(limit.runs + 1);
    builder.max_duration = Some(limit.time);
    // How often it looks at both.
    builder.checkpoint_interval = 1;
    record::explore(limit, || {
        builder.check(move || {
            begin_run(prints);
            record::run(|| programs::run(program));
        });
    })
}

/// Explores a program, with prints as steps.
pub(crate) fn with_prints(program: Program, limit: Limit) -> Explored {
    explore(program, true, limit)
}

/// Explores a program as if its prints were no steps.
pub(crate) fn without_prints(program: Program, limit: Limit) -> Explored {
    explore(program, false, limit)
}
