//! The rows of a counterexample: its steps in words.

use std::panic::Location;

use crate::names::{Names, has_own_place};
use crate::narrator::Narrator;
use crate::operation::{Actor, Operation};
use crate::run::{Run, Step};
use crate::words;

/// The longest sequence of rows whose repetitions are shown as one row.
const MAX_PERIOD: usize = 6;

/// A row: what an actor does, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) actor: Actor,
    pub(crate) place: Option<&'static Location<'static>>,
    pub(crate) words: String,
}

/// Returns a row for each step that means something to a reader, and then one for each actor that waits at the end.
pub(crate) fn rows(run: &Run, names: &Names) -> (Vec<Row>, Vec<Row>) {
    let mut rows = Vec::new();
    let mut narrator = Narrator::default();
    for step in &run.steps {
        let actor = step.actor;
        let notes = step.notes.iter().map(|note| words::describe_note(note));
        rows.extend(notes.map(|words| Row { actor, place: None, words }));
        if is_shown(step, run) {
            let has_line = has_own_place(&step.operation) && names.line(step.place).is_some();
            let place = has_line.then_some(step.place);
            rows.push(Row { actor, place, words: narrator.describe(step, run, names) });
        }
        narrator.take(step);
    }
    let waiting = run.waiting().iter().map(|waiting| Row {
        actor: waiting.actor,
        place: Some(waiting.place),
        words: narrator.describe_next(waiting, names),
    });
    (without_repetitions(&rows), waiting.collect())
}

/// Returns whether the step means something to a reader: the start of an actor does not, and its end and the drop of a
/// channel's end only if another actor's step depends on it.
fn is_shown(step: &Step, run: &Run) -> bool {
    let actor = step.actor;
    let others = || run.steps.iter().filter(|other| other.actor != actor);
    match &step.operation {
        Operation::Start => false,
        Operation::Join(actors) => !actors.is_empty(),
        Operation::End if run.actors[actor.0].panic.is_some() => true,
        // A step that knows of a later step of the actor need not depend on this one.
        Operation::End | Operation::CloseSender(_) | Operation::CloseReceiver(_) => {
            others().any(|other| other.clock.of(actor) == step.nth)
        }
        _ => true,
    }
}

/// Shows rows that repeat themselves once, and how often they are repeated in a row of its own.
fn without_repetitions(rows: &[Row]) -> Vec<Row> {
    let mut shorter = Vec::new();
    let mut rest = rows;
    while let [first, ..] = rest {
        let repeats = |period: &usize| repetitions(rest, *period);
        // The period that leaves out the most rows; the shortest of several.
        let period = (1..=MAX_PERIOD).rev().max_by_key(|period| period * repeats(period)).unwrap_or(1);
        let count = repeats(&period);
        // A row that is repeated once is shorter than a row that says so.
        if period * count < 2 {
            shorter.push(first.clone());
            rest = &rest[1..];
            continue;
        }
        shorter.extend_from_slice(&rest[..period]);
        let words = words::describe_repetition(period, count);
        shorter.push(Row { actor: first.actor, place: None, words });
        rest = &rest[period * (count + 1)..];
    }
    shorter
}

/// Returns how often the first `period` rows are repeated right after them.
fn repetitions(rows: &[Row], period: usize) -> usize {
    let mut blocks = rows.chunks_exact(period);
    let first = blocks.next();
    blocks.take_while(|block| Some(*block) == first).count()
}
