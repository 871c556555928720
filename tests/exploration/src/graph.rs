//! All states of a small program, and which step leads from one to another.
//!
//! Two sequences of choices lead to the same state if they take the same steps and differ only in the order of independent
//! ones. What was printed is no part of a state: prints are independent.

use std::collections::{HashMap, VecDeque};

use serde::Serialize;
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::counterexample::Sources;
use crate::operation::Actor;
use crate::run::Run;
use crate::scene::{End, Place, Position, Scene, Taken, View};

/// A program with more states has no graph.
const MAX_STATES: usize = 5_000;

/// How many runs are made together: their records are kept until all are made.
const BATCH: usize = 100;

/// The states of a program.
pub(crate) struct Graph {
    /// By number, the names. A number has several if it depends on the schedule which actor is created first.
    actors: Vec<Vec<String>>,
    views: Table<View>,
    steps: Table<Taken>,
    holds: Table<String>,
    pub(crate) ends: Vec<End>,
    /// State 0 is the first.
    pub(crate) states: Vec<State>,
}

/// A state of the program.
pub(crate) struct State {
    /// By actor, the index of what it does next.
    views: Vec<usize>,
    holds: Vec<usize>,
    /// The steps that can be taken.
    pub(crate) next: Vec<Edge>,
    /// The index of the end, if no step can be taken.
    pub(crate) end: Option<usize>,
}

/// A step that leads to another state.
pub(crate) struct Edge {
    pub(crate) actor: usize,
    step: usize,
    pub(crate) to: usize,
}

/// Values with their numbers, each only once.
struct Table<T> {
    values: Vec<T>,
    numbers: HashMap<String, usize>,
}

/// What has happened: of each actor, when it was created and the clocks of its steps.
type Key = Vec<(Option<Clock>, Vec<Clock>)>;

impl Graph {
    /// Finds all states.
    ///
    /// # Errors
    /// If there are too many, or the program cannot be explored.
    pub(crate) fn new(scene: &mut Scene) -> Result<Self, String> {
        let mut graph = Self {
            actors: Vec::new(),
            views: Table::new(),
            steps: Table::new(),
            holds: Table::new(),
            ends: Vec::new(),
            states: Vec::new(),
        };
        let mut numbers = HashMap::new();
        // The choices that lead to each state.
        let mut ways: Vec<Vec<Actor>> = vec![Vec::new()];
        let first = scene.run_each(ways.clone())?.remove(0);
        numbers.insert(key(&first), 0);
        scene.use_names_of(&first);
        graph.add_state(&scene.describe(&first));
        let mut left = VecDeque::from(graph.steps_from(0));
        while !left.is_empty() {
            let batch: Vec<_> = left.drain(..left.len().min(BATCH)).collect();
            let longer = |(from, actor): &(usize, Actor)| [&ways[*from][..], &[*actor]].concat();
            let runs = scene.run_each(batch.iter().map(longer).collect())?;
            for ((from, actor), run) in batch.into_iter().zip(&runs) {
                scene.use_names_of(run);
                let taken = scene.describe_last_step(run).ok_or("a choice takes a step")?;
                let step = graph.steps.number(&taken);
                let to = *numbers.entry(key(run)).or_insert(ways.len());
                if to == ways.len() {
                    ways.push([&ways[from][..], &[actor]].concat());
                    graph.add_state(&scene.describe(run));
                    left.extend(graph.steps_from(to));
                }
                graph.states[from].next.push(Edge { actor: actor.0, step, to });
            }
            if ways.len() > MAX_STATES {
                return Err(format!("the program has more than {MAX_STATES} states"));
            }
        }
        Ok(graph)
    }

    fn add_state(&mut self, position: &Position) {
        let count = self.actors.len().max(position.actors.len());
        self.actors.resize(count, Vec::new());
        for (names, actor) in self.actors.iter_mut().zip(&position.actors) {
            if !names.contains(&actor.name) {
                names.push(actor.name.clone());
            }
        }
        let end = position.end.as_ref().map(|end| {
            self.ends.iter().position(|known| known == end).unwrap_or_else(|| {
                self.ends.push(end.clone());
                self.ends.len() - 1
            })
        });
        let views = position.actors.iter().map(|actor| self.views.number(&actor.view)).collect();
        let holds = position.holds.iter().map(|holding| self.holds.number(holding)).collect();
        self.states.push(State { views, holds, next: Vec::new(), end });
    }

    /// Returns which actors can take a step in a state, each with the state.
    fn steps_from(&self, state: usize) -> Vec<(usize, Actor)> {
        let views = self.states[state].views.iter().enumerate();
        let ready = views.filter(|(_, view)| self.views.values[**view].state == "ready");
        ready.map(|(actor, _)| (state, Actor(actor))).collect()
    }

    /// Returns the graph as the player in the book reads it.
    pub(crate) fn to_json(&self) -> Value {
        let mut files = Files::default();
        let views = self.views.values.iter().map(|view| {
            let (file, line) = files.number(view.place.as_ref());
            json!([file, line, view.next, view.state])
        });
        let views: Vec<_> = views.collect();
        let steps = self.steps.values.iter().map(|step| {
            let (file, line) = files.number(step.place.as_ref());
            json!([step.words, file, line, step.text])
        });
        let steps: Vec<_> = steps.collect();
        let state = |state: &State| {
            let next: Vec<_> =
                state.next.iter().map(|edge| json!([edge.actor, edge.step, edge.to])).collect();
            let end = state.end.map_or(-1, |end| i64::try_from(end).expect("there are few ends"));
            let mut views: Vec<_> = state.views.iter().map(|view| json!(view)).collect();
            // Actors that are created later.
            views.resize(self.actors.len(), json!(-1));
            json!({ "v": views, "n": next, "h": state.holds, "e": end })
        };
        let mut sources = Sources::default();
        let files = files.0.iter().map(|path| json!({ "path": path, "lines": sources.lines(path) }));
        let files: Vec<_> = files.collect();
        json!({
            "files": files,
            "actors": self.actors.iter().map(|names| names.join(" or ")).collect::<Vec<_>>(),
            "views": views,
            "steps": steps,
            "holds": self.holds.values,
            "states": self.states.iter().map(state).collect::<Vec<_>>(),
            "ends": self.ends.iter().map(|end| json!([end.kind, end.words])).collect::<Vec<_>>(),
        })
    }

    /// Returns what a step prints.
    pub(crate) fn text(&self, edge: &Edge) -> Option<&str> {
        self.steps.values[edge.step].text.as_deref()
    }
}

/// Returns what has happened in a run, in a form that is equal for equivalent runs.
fn key(run: &Run) -> Key {
    let mut key: Key = run.actors.iter().map(|actor| (actor.created_after.clone(), Vec::new())).collect();
    for step in &run.steps {
        key[step.actor.0].1.push(step.clock.clone());
    }
    key
}

impl<T: Clone + Serialize> Table<T> {
    fn new() -> Self {
        Self { values: Vec::new(), numbers: HashMap::new() }
    }

    /// Returns the number of a value, which it gets if it is new.
    fn number(&mut self, value: &T) -> usize {
        let text = serde_json::to_string(value).expect("it can be written as JSON");
        *self.numbers.entry(text).or_insert_with(|| {
            self.values.push(value.clone());
            self.values.len() - 1
        })
    }
}

/// Paths with their numbers.
#[derive(Default)]
struct Files<'a>(Vec<&'a str>);

impl<'a> Files<'a> {
    /// Returns the number of the file of a place, and the line; -1 and 0 if the place is not in the program.
    fn number(&mut self, place: Option<&'a Place>) -> (i64, u32) {
        let Some(place) = place else { return (-1, 0) };
        let known = self.0.iter().position(|path| *path == place.file);
        let number = known.unwrap_or_else(|| {
            self.0.push(&place.file);
            self.0.len() - 1
        });
        (i64::try_from(number).expect("there are few files"), place.line)
    }
}
