//! The exploration of this crate.

use std::cell::RefCell;
use std::rc::Rc;

use course_tests::mistakes::{Outcome, Outcomes};
use exploration::run::{Ending, Run};
use exploration::runtime::{Options, explore};
use exploration::{Exploration, Operation};
use scheduled_std::{println, sync, thread};

use crate::record::{End, Explored, Limit, Program};

#[path = "programs.rs"]
#[expect(clippy::duplicate_mod, reason = "compiled against another explorer's threads")]
mod programs;

#[expect(clippy::needless_pass_by_value, reason = "the other explorers keep the line")]
fn print_line(line: String) {
    println!("{line}");
}

/// Explores a program as the tests of the lessons do.
pub(crate) fn exploration(program: Program) -> Exploration {
    Exploration::new(move || programs::run(program)).unwrap_or_else(|error| panic!("{error}"))
}

/// Explores a program, and lists its outcomes.
pub(crate) fn all_outcomes(program: Program, _: Limit) -> Explored {
    let explored = exploration(program);
    let runs = explored.counts().runs;
    Explored { runs, end: End::Complete, outcomes: explored.outcomes(), last_new: None }
}

/// Explores a program as if prints of different actors were dependent.
pub(crate) fn with_ordered_prints(program: Program, limit: Limit) -> Explored {
    let outcomes: Rc<RefCell<Outcomes>> = Rc::default();
    let collected = Rc::clone(&outcomes);
    let options = Options { ordered_prints: true, max_runs: limit.runs, ..Options::default() };
    let visit = move |run: &Run| {
        collected.borrow_mut().insert(outcome(run));
    };
    let counts = explore(options, move || programs::run(program), visit).unwrap_or_else(|e| panic!("{e}"));
    let end = if counts.complete { End::Complete } else { End::Limit };
    Explored { runs: counts.runs, end, outcomes: outcomes.take(), last_new: None }
}

fn outcome(run: &Run) -> Outcome {
    let printed = run.steps.iter().filter_map(|step| match &step.operation {
        Operation::Print { text, .. } => Some(text.trim_end().to_owned()),
        _ => None,
    });
    Outcome { lines: printed.collect(), ended: matches!(run.ending, Ending::Exited(_)) }
}
