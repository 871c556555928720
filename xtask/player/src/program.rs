//! What a scene's program answers, and the goals of a scene.

use anyhow::Result;
use serde::{Deserialize, Serialize};

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

    /// Returns whether all actors have ended.
    #[must_use]
    pub fn all_ended(&self) -> bool {
        self.actors.iter().all(|actor| actor.state == State::Ended)
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

/// The kind of end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndKind {
    /// All actors have ended.
    Exit,
    /// The actors that have not ended wait for each other.
    Deadlock,
    /// A thread panicked, and its panic was not caught.
    Panic,
    /// The program ended with a status other than 0, or broke a rule of the exploration.
    Failed,
}

/// What is possible after the next step of an actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Future {
    /// The actor that takes the next step.
    pub actor: usize,
    /// The possible outcomes: the printed lines, joined by " / ".
    pub outcomes: Vec<String>,
    /// How many outcomes there are beyond these.
    pub more: usize,
}

/// A goal: an outcome to bring about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// Its name: "print 1000".
    pub name: String,
    /// Lines that must be printed, in this order.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Lines that must not be printed.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// Whether no lines but `lines` may be printed.
    #[serde(default)]
    pub exact: bool,
    /// How the program must end; in any way if `None`.
    #[serde(default)]
    pub ends: Option<EndKind>,
}

impl Goal {
    /// Returns whether the goal is reached. That is decided only when the program has ended.
    #[must_use]
    pub fn is_reached(&self, position: &Position) -> bool {
        let Some(end) = &position.end else { return false };
        let printed = &position.printed;
        let mut rest = printed.iter();
        let has_lines = if self.exact {
            *printed == self.lines
        } else {
            self.lines.iter().all(|line| rest.any(|other| other == line))
        };
        has_lines
            && !printed.iter().any(|line| self.lacks.contains(line))
            && self.ends.is_none_or(|kind| kind == end.kind)
    }
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
        assert!(goal.is_reached(&ended(&["a", "b", "c"], EndKind::Exit)));
        assert!(!goal.is_reached(&ended(&["c", "a"], EndKind::Exit)));
        assert!(!goal.is_reached(&ended(&["a", "c", "d"], EndKind::Exit)));
    }

    #[test]
    fn an_exact_goal_allows_no_other_line() {
        let goal = goal(r#"{"name": "", "lines": ["a"], "exact": true}"#);
        assert!(goal.is_reached(&ended(&["a"], EndKind::Exit)));
        assert!(!goal.is_reached(&ended(&["a", "b"], EndKind::Exit)));
    }

    #[test]
    fn a_goal_may_ask_for_a_kind_of_end_and_is_not_reached_before_the_end() {
        let goal = goal(r#"{"name": "", "ends": "deadlock"}"#);
        assert!(goal.is_reached(&ended(&[], EndKind::Deadlock)));
        assert!(!goal.is_reached(&ended(&[], EndKind::Exit)));
        assert!(!goal.is_reached(&Position { end: None, ..ended(&[], EndKind::Deadlock) }));
    }
}
