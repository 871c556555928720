//! What a scene's program answers, and the goals of a scene.

use anyhow::Result;
use serde::{Deserialize, Serialize};
pub use xtask::scene::{EndKind, Goal};

/// The program of a scene.
pub trait Program {
    /// Returns the position after `choices`.
    ///
    /// # Errors
    /// If the program does not answer, or one of the choices is not possible.
    fn at(&mut self, choices: &[usize]) -> Result<Position>;

    /// Returns, for each actor that can take the next step, which outcomes are possible afterwards.
    ///
    /// # Errors
    /// If the program does not answer.
    fn futures(&mut self, choices: &[usize]) -> Result<Vec<Future>>;

    /// Returns the fewest switches with which each goal can be reached; `None` for a goal that cannot.
    ///
    /// # Errors
    /// If the program does not answer.
    fn goals(&mut self, goals: &[Goal]) -> Result<Vec<Option<Reachable>>>;
}

/// Where all actors stand after some choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The actors created so far, by number.
    pub actors: Vec<Actor>,
    /// The lines printed so far.
    pub printed: Vec<String>,
    /// Which actor holds which lock, and what is in which pipe.
    pub holds: Vec<String>,
    /// The steps taken so far.
    pub steps: Vec<Step>,
    /// How the program ended, if no actor can take another step.
    pub end: Option<End>,
}

impl Position {
    /// Returns the numbers and names of the actors that can take the next step.
    pub fn ready(&self) -> impl Iterator<Item = (usize, &str)> {
        let all = self.actors.iter().enumerate();
        all.filter(|(_, actor)| actor.state == State::Ready)
            .map(|(number, actor)| (number, actor.name.as_str()))
    }

    /// Returns whether the goal is reached. That is decided only when the program has ended.
    #[must_use]
    pub fn reaches(&self, goal: &Goal) -> bool {
        self.end.as_ref().is_some_and(|end| goal.is_reached(&self.printed, end.kind))
    }

    /// Returns whether all actors have ended.
    #[must_use]
    pub fn all_ended(&self) -> bool {
        self.actors.iter().all(|actor| actor.state.is_over())
    }
}

/// A thread, or the main thread of a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Its name: "main", "thread 1".
    pub name: String,
    /// Whether it can take a step.
    pub state: State,
    /// The file in which it stands, relative to the root of the workspace.
    #[serde(default)]
    pub file: Option<String>,
    /// The line of its next step, from 1.
    #[serde(default)]
    pub line: usize,
    /// Its next step in words: "will take the lock of line 41".
    #[serde(default)]
    pub next: String,
}

/// Whether an actor can take a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It can take its next step.
    Ready,
    /// It waits for another actor.
    Waits,
    /// It has ended.
    Ended,
    /// Its process has ended, and it was not at its end.
    #[serde(rename = "cut off")]
    CutOff,
}

impl State {
    /// Returns whether it takes no further step.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Ended | Self::CutOff)
    }
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The actor that took it.
    pub actor: usize,
    /// The file in which it stands, relative to the root of the workspace.
    #[serde(default)]
    pub file: Option<String>,
    /// Its line, from 1.
    #[serde(default)]
    pub line: usize,
    /// The step in words: "takes the lock of line 41".
    pub words: String,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// The kind of end.
    pub kind: EndKind,
    /// What there is to say about it.
    pub words: Vec<String>,
}

/// What is possible after the next step of an actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Future {
    /// The actor that takes the next step.
    pub actor: usize,
    /// How many outcomes are possible.
    pub total: usize,
    /// The possible outcomes, the lines of each joined by " / "; none if they are too many to show.
    pub outcomes: Vec<String>,
    /// Outcomes that are possible only if this actor goes next, as many as are shown.
    pub only: Vec<String>,
    /// How many more there are of these.
    pub more: usize,
}

/// How a goal can be reached with the fewest switches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reachable {
    /// The number of switches.
    pub fewest: usize,
    /// Choices that reach it so.
    pub choices: String,
}

#[cfg(test)]
mod tests {
    use super::{End, EndKind, Goal, Position};

    fn ended(printed: &[&str], kind: EndKind) -> Position {
        let printed = printed.iter().map(ToString::to_string).collect();
        let end = Some(End { kind, words: Vec::new() });
        Position { actors: Vec::new(), printed, holds: Vec::new(), steps: Vec::new(), end }
    }

    fn goal(json: &str) -> Goal {
        serde_json::from_str(json).expect("a goal")
    }

    #[test]
    fn a_goal_needs_its_lines_in_order_and_none_of_those_it_lacks() {
        let goal = goal(r#"{"name": "", "lines": ["a", "c"], "lacks": ["d"]}"#);
        assert!(ended(&["a", "b", "c"], EndKind::Exit).reaches(&goal));
        assert!(!ended(&["c", "a"], EndKind::Exit).reaches(&goal));
        assert!(!ended(&["a", "c", "d"], EndKind::Exit).reaches(&goal));
    }

    #[test]
    fn an_exact_goal_allows_no_other_line() {
        let goal = goal(r#"{"name": "", "lines": ["a"], "exact": true}"#);
        assert!(ended(&["a"], EndKind::Exit).reaches(&goal));
        assert!(!ended(&["a", "b"], EndKind::Exit).reaches(&goal));
    }

    #[test]
    fn a_goal_may_ask_for_a_kind_of_end_and_is_not_reached_before_the_end() {
        let goal = goal(r#"{"name": "", "ends": "deadlock"}"#);
        assert!(ended(&[], EndKind::Deadlock).reaches(&goal));
        assert!(!ended(&[], EndKind::Exit).reaches(&goal));
        assert!(!Position { end: None, ..ended(&[], EndKind::Deadlock) }.reaches(&goal));
    }
}
