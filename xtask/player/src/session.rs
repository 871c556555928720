//! The state of play, without a terminal.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use crate::choices;
use crate::program::{Future, Goal, Position, Program, Reachable, State};

/// The most steps that [`Session::run`] takes.
const MAX_RUN: usize = 1_000;

/// What is played.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Its title.
    pub title: String,
    /// The root of the workspace, to which the names of files are relative.
    pub root: PathBuf,
    /// Its goals.
    pub goals: Vec<Goal>,
    /// The goal to reach: an index into `goals`.
    pub wanted: Option<usize>,
}

/// How far the player has come with a goal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// The fewest switches with which the player has reached it.
    pub own: Option<usize>,
    /// The fewest switches with which it can be reached; `None` if that is not known.
    pub fewest: Option<usize>,
    /// Whether it is known that it cannot be reached.
    pub impossible: bool,
}

/// A scene that is being played.
pub struct Session<'p> {
    program: &'p mut dyn Program,
    scene: Scene,
    choices: Vec<usize>,
    /// The position after each number of choices, from none to all.
    positions: Vec<Position>,
    progress: Vec<Progress>,
}

impl<'p> Session<'p> {
    /// Starts a scene.
    ///
    /// # Errors
    /// If the program does not answer.
    pub fn start(program: &'p mut dyn Program, scene: Scene) -> Result<Self> {
        let positions = vec![program.at(&[]).context("cannot start the scene")?];
        let progress = vec![Progress::default(); scene.goals.len()];
        let mut session = Self { program, scene, choices: Vec::new(), positions, progress };
        session.record_goals();
        Ok(session)
    }

    /// Returns what is played.
    #[must_use]
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// Makes the next goal the one to reach.
    pub fn want_next_goal(&mut self) {
        let next = self.scene.wanted.map_or(0, |wanted| wanted + 1);
        self.scene.wanted = (next < self.scene.goals.len()).then_some(next);
    }

    /// Returns the choices so far.
    #[must_use]
    pub fn choices(&self) -> &[usize] {
        &self.choices
    }

    /// Returns the number of switches so far.
    #[must_use]
    pub fn switches(&self) -> usize {
        choices::switches(&self.choices)
    }

    /// Returns the position after the choices so far.
    #[must_use]
    pub fn position(&self) -> &Position {
        &self.positions[self.choices.len()]
    }

    /// Returns the goals, with how far the player has come with each.
    pub fn goals(&self) -> impl Iterator<Item = (&Goal, &Progress)> {
        self.scene.goals.iter().zip(&self.progress)
    }

    /// Returns the goals that are reached at this position.
    pub fn reached(&self) -> impl Iterator<Item = (&Goal, &Progress)> {
        self.goals().filter(|(goal, _)| self.position().reaches(goal))
    }

    /// Lets an actor take the next step.
    ///
    /// # Errors
    /// If it cannot, or the program does not answer. The position remains the same.
    pub fn choose(&mut self, actor: usize) -> Result<()> {
        self.check(actor)?;
        self.choices.push(actor);
        match self.program.at(&self.choices) {
            Ok(position) => {
                self.positions.push(position);
                self.record_goals();
                Ok(())
            }
            Err(error) => {
                self.choices.pop();
                Err(error)
            }
        }
    }

    /// Makes several choices.
    ///
    /// # Errors
    /// If one of them is not possible: the error names it. Those before it have been made.
    pub fn play(&mut self, choices: &[usize]) -> Result<()> {
        for (index, &actor) in choices.iter().enumerate() {
            let context = || format!("choice {} of {} is {actor}", index + 1, choices.len());
            self.choose(actor).with_context(context)?;
        }
        Ok(())
    }

    /// Lets an actor take steps until it waits or ends.
    ///
    /// # Errors
    /// If it cannot take a step, takes a thousand, or the program does not answer.
    pub fn run(&mut self, actor: usize) -> Result<()> {
        self.choose(actor)?;
        for _ in 1..MAX_RUN {
            let position = self.position();
            if position.end.is_some() || position.actors[actor].state != State::Ready {
                return Ok(());
            }
            self.choose(actor)?;
        }
        bail!("{} has taken {MAX_RUN} steps and can take more", self.position().actors[actor].name);
    }

    /// Takes back the last choice.
    ///
    /// # Errors
    /// At the start.
    pub fn undo(&mut self) -> Result<()> {
        ensure!(self.choices.pop().is_some(), "this is the start: there is no step to undo");
        self.positions.pop();
        Ok(())
    }

    /// Takes back all choices.
    pub fn restart(&mut self) {
        self.choices.clear();
        self.positions.truncate(1);
    }

    /// Returns, for each actor that can take the next step, which outcomes are possible afterwards.
    ///
    /// # Errors
    /// If the program does not answer.
    pub fn futures(&mut self) -> Result<Vec<Future>> {
        self.program.futures(&self.choices)
    }

    /// Asks the program in how few switches each goal can be reached. It explores every schedule for that.
    ///
    /// # Errors
    /// If the program does not answer.
    pub fn find_fewest(&mut self) -> Result<()> {
        if self.scene.goals.is_empty() {
            return Ok(());
        }
        let found: Vec<Option<Reachable>> = self.program.goals(&self.scene.goals)?;
        for (progress, found) in self.progress.iter_mut().zip(found) {
            progress.impossible = found.is_none();
            progress.fewest = found.map(|reachable| reachable.fewest);
        }
        Ok(())
    }

    fn check(&self, chosen: usize) -> Result<()> {
        let position = self.position();
        ensure!(position.end.is_none(), "no thread or process can take another step");
        let possible: Vec<_> = position.ready().map(|(number, name)| format!("{number} ({name})")).collect();
        let possible = possible.join(", ");
        let Some(actor) = position.actors.get(chosen) else {
            bail!("there is no actor {chosen} yet; possible: {possible}");
        };
        match actor.state {
            State::Ready => Ok(()),
            State::Waits => {
                bail!("{} cannot take a step: it {}; possible: {possible}", actor.name, actor.next)
            }
            State::Ended | State::CutOff => bail!("{} has ended; possible: {possible}", actor.name),
        }
    }

    fn record_goals(&mut self) {
        let switches = self.switches();
        let position = &self.positions[self.choices.len()];
        for (goal, progress) in self.scene.goals.iter().zip(&mut self.progress) {
            if position.reaches(goal) {
                progress.own = Some(progress.own.map_or(switches, |own| own.min(switches)));
            }
        }
    }
}
