//! Answers requests about a program: for a player that shows its states to a person, and for exercises.
//!
//! A request is a line on standard input: a word, and what it needs. The answer is a line with a JSON object on standard
//! output; `{"error": "…"}` if there is none.

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use rustix::process::{Resource, Rlimit, setrlimit};
use serde_json::{Value, json};

use crate::Exploration;
use crate::counterexample::parse_choices;
use crate::explore::Program;
use crate::goal::Goal;
use crate::graph::Graph;
use crate::operation::Actor;
use crate::scene::Scene;
use crate::verdict::{Demands, verdict};

/// The most memory that a program can take, in bytes.
const MAX_MEMORY: u64 = 2 << 30;

/// A program with more schedules has no list of outputs.
const MAX_RUNS: usize = 20_000;

/// How many outcomes a list of a future shows.
const MAX_OUTCOMES: usize = 6;

/// How many outputs a graph contains, at most.
const MAX_OUTPUTS: usize = 12;

/// Answers `requests` about `program`; without any, those on standard input until its end.
///
/// | request | answer |
/// |---|---|
/// | `at CHOICES` | the state after these choices |
/// | `futures CHOICES` | for each actor that can go, the outcomes that are possible after its step |
/// | `outputs` | all outputs |
/// | `goals GOALS` | for each goal of a JSON list, the way there with the fewest switches, or null |
/// | `graph GOALS` | all states, the ways to the goals, and to some outputs |
/// | `verdict DEMANDS` | whether every schedule gives what an exercise demands |
///
/// # Errors
/// If standard input or output fails.
pub fn serve(program: impl Fn() + Send + Sync + 'static, requests: Vec<String>) -> io::Result<()> {
    serve_program(Arc::new(program), requests)
}

fn serve_program(program: Program, requests: Vec<String>) -> io::Result<()> {
    limit_memory()?;
    let mut server = Server::of(program);
    let mut stdout = io::stdout().lock();
    let stdin = requests.is_empty().then(|| io::stdin().lock().lines());
    for line in requests.into_iter().map(Ok).chain(stdin.into_iter().flatten()) {
        writeln!(stdout, "{}", server.answer(&line?))?;
        stdout.flush()?;
    }
    Ok(())
}

/// Limits the memory of this process, which runs what a learner writes.
fn limit_memory() -> io::Result<()> {
    let limit = Rlimit { current: Some(MAX_MEMORY), maximum: Some(MAX_MEMORY) };
    setrlimit(Resource::As, limit)?;
    Ok(())
}

/// Answers requests about a program.
pub struct Server {
    program: Program,
    scene: Option<Scene>,
    /// It takes a second or more.
    graph: Option<Graph>,
}

impl Server {
    /// Returns a server for `program`.
    #[must_use]
    pub fn new(program: impl Fn() + Send + Sync + 'static) -> Self {
        Self::of(Arc::new(program))
    }

    fn of(program: Program) -> Self {
        Self { program, scene: None, graph: None }
    }

    /// Returns the answer to a [request](serve).
    pub fn answer(&mut self, line: &str) -> Value {
        let (request, rest) = line.split_once(' ').unwrap_or((line, ""));
        self.answer_to(request, rest).unwrap_or_else(|error| json!({ "error": error }))
    }

    fn answer_to(&mut self, request: &str, rest: &str) -> Result<Value, String> {
        match request {
            "at" => to_json(&self.scene()?.position(&choices(rest)?)?),
            "futures" => {
                let futures = self.scene()?.futures(&choices(rest)?, MAX_OUTCOMES)?;
                Ok(json!({ "futures": futures }))
            }
            "outputs" => Ok(json!({ "outputs": self.outputs()? })),
            "goals" => {
                let goals: Vec<Goal> = from_json(rest)?;
                let graph = self.graph()?;
                Ok(json!({ "goals": goals.iter().map(|goal| goal.way(graph)).collect::<Vec<_>>() }))
            }
            "graph" => self.whole(&from_json::<Vec<Goal>>(rest)?),
            "verdict" => to_json(&verdict(&self.program, &from_json::<Demands>(rest)?)),
            _ => Err(format!("unknown request: {request:?}")),
        }
    }

    fn scene(&mut self) -> Result<&mut Scene, String> {
        if self.scene.is_none() {
            self.scene = Some(Scene::new(Arc::clone(&self.program))?);
        }
        Ok(self.scene.as_mut().expect("it was set"))
    }

    fn graph(&mut self) -> Result<&Graph, String> {
        if self.graph.is_none() {
            self.graph = Some(Graph::new(self.scene()?)?);
        }
        Ok(self.graph.as_ref().expect("it was set"))
    }

    fn outputs(&self) -> Result<Vec<Vec<String>>, String> {
        let explored = Exploration::up_to(MAX_RUNS, None, Arc::clone(&self.program))?;
        let outputs = explored.outputs().ok_or("the program has too many outputs to list")?;
        Ok(outputs.iter().cloned().collect())
    }

    fn whole(&mut self, goals: &[Goal]) -> Result<Value, String> {
        let outputs = self.outputs()?;
        let graph = self.graph()?;
        let with_way = |goal: &Goal| {
            let way = goal.way(graph).ok_or_else(|| format!("the goal cannot be reached: {}", goal.name))?;
            let (mut goal, way) = (to_json(goal)?, to_json(&way)?);
            goal.as_object_mut()
                .into_iter()
                .for_each(|goal| goal.extend(way.as_object().cloned().unwrap_or_default()));
            Ok(goal)
        };
        let with_choices = |(number, lines): (usize, Vec<String>)| {
            let goal = Goal { lines, exact: true, ..Goal::default() };
            let way = goal.way(graph).ok_or("a possible output cannot be reached")?;
            Ok(json!({ "number": number, "lines": goal.lines, "choices": to_json(&way)?["choices"] }))
        };
        let mut whole = graph.to_json();
        whole["goals"] = goals.iter().map(with_way).collect::<Result<_, String>>()?;
        // Spread over all of them.
        let every = outputs.len().div_ceil(MAX_OUTPUTS).max(1);
        whole["possible"] = outputs.len().into();
        let shown = (1_usize..).zip(outputs).step_by(every);
        whole["outputs"] = shown.map(with_choices).collect::<Result<_, String>>()?;
        Ok(whole)
    }
}

fn choices(text: &str) -> Result<Vec<Actor>, String> {
    if text.trim().is_empty() {
        Ok(Vec::new())
    } else {
        parse_choices(text).map_err(|error| error.to_string())
    }
}

fn to_json(value: &impl serde::Serialize) -> Result<Value, String> {
    serde_json::to_value(value).map_err(|error| error.to_string())
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}
