//! A program in the place of a scene's: a few steps for each actor, and the rules of what they do.

#![allow(dead_code, reason = "not every test uses all of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Result, ensure};
use player::choices::{format, switches};
use player::program::{Actor, End, EndKind, Future, Goal, Position, Program, Reachable, State, Step};
use player::session::Scene;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Op {
    Start(usize),
    Join(usize),
    Load,
    Store,
    Lock(usize),
    Unlock(usize),
    PrintNumber,
    Print(&'static str),
}
use Op::{Join, Load, Lock, PrintNumber, Start, Store, Unlock};

/// The names of the locks.
const LOCKS: [&str; 2] = ["the lock tea", "the lock toast"];

/// A program: for each actor its steps, with their lines.
pub(crate) struct Model {
    file: &'static str,
    actors: Vec<Vec<(usize, Op)>>,
}

impl Model {
    /// Two threads read a number and write it back, increased by one.
    pub(crate) fn lost_update() -> Self {
        let main = vec![(8, Start(1)), (8, Start(2)), (6, Join(1)), (6, Join(2)), (14, PrintNumber)];
        let thread = vec![(9, Load), (10, Store)];
        Self { file: "lost_update.rs", actors: vec![main, thread.clone(), thread] }
    }

    /// Two threads take two locks in opposite orders.
    pub(crate) fn opposite_orders() -> Self {
        let main =
            vec![(7, Start(1)), (10, Start(2)), (6, Join(1)), (6, Join(2)), (15, Op::Print("breakfast"))];
        let one = vec![(8, Lock(0)), (8, Lock(1)), (9, Unlock(1)), (9, Unlock(0))];
        let two = vec![(11, Lock(1)), (12, Lock(0)), (13, Unlock(0)), (13, Unlock(1))];
        Self { file: "opposite_orders.rs", actors: vec![main, one, two] }
    }

    /// Many threads like those of [`lost_update`](Self::lost_update).
    pub(crate) fn many(threads: usize) -> Self {
        let starts = (1..=threads).map(|thread| (8, Start(thread)));
        let joins = (1..=threads).map(|thread| (6, Join(thread)));
        let mut actors = vec![starts.chain(joins).collect::<Vec<_>>()];
        actors.extend(vec![vec![(9, Load), (10, Store)]; threads]);
        Self { file: "lost_update.rs", actors }
    }

    fn after(&self, choices: &[usize]) -> Result<Run> {
        let mut run = Run::default();
        run.next.insert(0, 0);
        for &actor in choices {
            let op = self.op(&run, actor);
            ensure!(op.is_some_and(|(_, op)| self.can(&run, op)), "actor {actor} cannot take a step");
            let (line, op) = op.expect("it has a step");
            let words = run.take(actor, op);
            let file = Some(self.path());
            run.steps.push(Step { actor, file, line, words });
            *run.next.get_mut(&actor).expect("it was created") += 1;
        }
        Ok(run)
    }

    fn op(&self, run: &Run, actor: usize) -> Option<(usize, Op)> {
        self.actors[actor].get(*run.next.get(&actor)?).copied()
    }

    fn can(&self, run: &Run, op: Op) -> bool {
        match op {
            Lock(lock) => !run.held.contains_key(&lock),
            Join(actor) => self.op(run, actor).is_none(),
            _ => true,
        }
    }

    fn path(&self) -> String {
        format!("xtask/player/tests/model/{}", self.file)
    }

    fn actor(&self, run: &Run, actor: usize) -> Actor {
        let Some((line, op)) = self.op(run, actor) else {
            return Actor {
                name: name(actor),
                state: State::Ended,
                file: None,
                line: 0,
                next: String::new(),
            };
        };
        let (state, next) = if self.can(run, op) {
            (State::Ready, format!("will {}", run.words(actor, op)))
        } else {
            let next = match op {
                Lock(lock) => format!("waits for {}, held by {}", LOCKS[lock], name(run.held[&lock])),
                Join(other) => format!("waits for {} to end", name(other)),
                _ => unreachable!("no other step waits"),
            };
            (State::Waits, next)
        };
        Actor { name: name(actor), state, file: Some(self.path()), line, next }
    }

    fn position(&self, run: Run) -> Position {
        let actors: Vec<Actor> = run.next.keys().map(|&actor| self.actor(&run, actor)).collect();
        let end = |kind, words: &str| Some(End { kind, words: vec![words.to_owned()] });
        let end = if actors.iter().any(|actor| actor.state == State::Ready) {
            None
        } else if actors.iter().all(|actor| actor.state == State::Ended) {
            Some(End { kind: EndKind::Exit, words: Vec::new() })
        } else {
            end(EndKind::Deadlock, "Deadlock: no thread or process can take another step.")
        };
        let holds = run.held.iter().map(|(&lock, &actor)| format!("{} holds {}", name(actor), LOCKS[lock]));
        let holds = holds.collect();
        Position { actors, printed: run.printed, holds, steps: run.steps, end }
    }

    /// Calls `visit` with all choices that begin with `choices` and lead to an end.
    fn for_each_end(&self, choices: &mut Vec<usize>, visit: &mut dyn FnMut(&[usize], &Position)) {
        let position = self.position(self.after(choices).expect("the choices are possible"));
        if position.end.is_some() {
            visit(choices, &position);
        }
        for (actor, _) in position.ready() {
            choices.push(actor);
            self.for_each_end(choices, visit);
            choices.pop();
        }
    }
}

impl Program for Model {
    fn at(&mut self, choices: &[usize]) -> Result<Position> {
        Ok(self.position(self.after(choices)?))
    }

    fn futures(&mut self, choices: &[usize]) -> Result<Vec<Future>> {
        let position = self.at(choices)?;
        let outcomes_after = |(actor, _): (usize, &str)| {
            let mut outcomes = BTreeSet::new();
            self.for_each_end(&mut [choices, &[actor]].concat(), &mut |_, position| {
                let deadlock = position.end.as_ref().is_some_and(|end| end.kind == EndKind::Deadlock);
                let outcome = position.printed.join(" / ");
                outcomes.insert(if deadlock { outcome + "(deadlock)" } else { outcome });
            });
            (actor, outcomes)
        };
        let all: Vec<(usize, BTreeSet<String>)> = position.ready().map(outcomes_after).collect();
        let future = |(actor, outcomes): &(usize, BTreeSet<String>)| {
            let others = || all.iter().filter(|(other, _)| other != actor);
            let is_only = |outcome: &&String| !others().any(|(_, others)| others.contains(*outcome));
            let only = outcomes.iter().filter(is_only).cloned().collect();
            let (total, outcomes) = (outcomes.len(), outcomes.iter().cloned().collect());
            Future { actor: *actor, total, outcomes, only, more: 0 }
        };
        Ok(all.iter().map(future).collect())
    }

    fn goals(&mut self, goals: &[Goal]) -> Result<Vec<Option<Reachable>>> {
        let mut found: Vec<Option<Reachable>> = vec![None; goals.len()];
        self.for_each_end(&mut Vec::new(), &mut |choices, position| {
            for (goal, found) in goals.iter().zip(&mut found) {
                let fewest = switches(choices);
                if position.reaches(goal) && found.as_ref().is_none_or(|found| fewest < found.fewest) {
                    *found = Some(Reachable { fewest, choices: format(choices) });
                }
            }
        });
        Ok(found)
    }
}

/// What the steps taken so far have led to.
#[derive(Default)]
struct Run {
    /// The index of the next step of each actor that was created.
    next: BTreeMap<usize, usize>,
    number: u32,
    read: BTreeMap<usize, u32>,
    /// Which actor holds a lock.
    held: BTreeMap<usize, usize>,
    printed: Vec<String>,
    steps: Vec<Step>,
}

impl Run {
    /// Takes a step, and returns it in words.
    fn take(&mut self, actor: usize, op: Op) -> String {
        let words = self.words(actor, op);
        match op {
            Start(other) => _ = self.next.insert(other, 0),
            Load => _ = self.read.insert(actor, self.number),
            Store => self.number = self.read[&actor] + 1,
            Lock(lock) => _ = self.held.insert(lock, actor),
            Unlock(lock) => _ = self.held.remove(&lock),
            PrintNumber => self.printed.push(self.number.to_string()),
            Op::Print(text) => self.printed.push(text.to_owned()),
            Join(_) => {}
        }
        // The third person singular of all these verbs, and the base form of the next step.
        words.split_once(' ').map_or(words.clone(), |(verb, rest)| format!("{verb}s {rest}"))
    }

    fn words(&self, actor: usize, op: Op) -> String {
        match op {
            Start(other) => format!("start {}", name(other)),
            Join(other) => format!("see that {} has ended", name(other)),
            Load => "read the number".to_owned(),
            Store => format!("write {} to the number", self.read[&actor] + 1),
            Lock(lock) => format!("take {}", LOCKS[lock]),
            Unlock(lock) => format!("release {}", LOCKS[lock]),
            PrintNumber => format!("print {:?}", self.number.to_string()),
            Op::Print(text) => format!("print {text:?}"),
        }
    }
}

fn name(actor: usize) -> String {
    if actor == 0 { "main".to_owned() } else { format!("thread {actor}") }
}

/// Returns a scene with these goals.
pub(crate) fn scene(title: &str, goals: &str, wanted: Option<usize>) -> Scene {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    Scene { title: title.to_owned(), root, goals: serde_json::from_str(goals).expect("goals"), wanted }
}

pub(crate) const LOST_UPDATE_GOALS: &str = r#"[{"name": "print 1", "lines": ["1"]}, {"name": "print 2", "lines": ["2"]}, {"name": "print 3", "lines": ["3"]}]"#;

pub(crate) const OPPOSITE_ORDERS_GOALS: &str = r#"[{"name": "deadlock", "ends": "deadlock"}, {"name": "breakfast", "lines": ["breakfast"], "exact": true}]"#;
