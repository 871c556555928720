//! Steps through the schedules of a program: you choose which actor takes each next step.
//!
//! A *scene* is a program that can be played. [`Client`] runs it and asks it where the actors stand; [`Session`] is
//! the state of play; [`terminal`] shows it on a screen, and [`lines`] line by line. [`play`] chooses between the two.

pub mod choices;
pub mod client;
pub mod futures;
pub mod lines;
pub mod program;
pub mod session;
pub mod sources;
pub mod terminal;
mod text;
pub mod words;

use std::io::{self, IsTerminal};

use anyhow::Result;
use xtask::supervisor::Supervisor;

pub use client::Client;
pub use program::{Goal, Program};
pub use session::{Scene, Session};

/// Plays a scene on the terminal, from the position after `choices`.
///
/// If standard input or standard output is not a terminal, the scene is played line by line: `choices` if there are any, or
/// else the commands on standard input. Returns early if `supervisor` has caught a signal.
///
/// # Errors
/// If one of the choices is not possible, the program does not answer, or the terminal cannot be read or written.
pub fn play(
    program: &mut dyn Program,
    scene: Scene,
    choices: Option<&[usize]>,
    supervisor: &Supervisor,
) -> Result<()> {
    let mut session = Session::start(program, scene)?;
    let (stdin, stdout) = (io::stdin(), io::stdout());
    if stdin.is_terminal() && stdout.is_terminal() {
        session.play(choices.unwrap_or_default())?;
        return terminal::run(session, supervisor);
    }
    match choices {
        Some(choices) => lines::play_choices(&mut session, choices, &mut stdout.lock()),
        None => lines::play_commands(&mut session, stdin.lock(), &mut stdout.lock()),
    }
}
