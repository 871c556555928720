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
use std::iter;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use xtask::supervisor::Supervisor;

pub use client::Client;
pub use program::{Goal, Program};
pub use session::{Scene, Session};

/// How often the wait for a line looks whether a signal was caught.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

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
        None => lines::play_commands(&mut session, lines_of_stdin(supervisor), &mut stdout.lock()),
    }
}

/// Returns the lines of standard input, until its end or until `supervisor` has caught a signal.
fn lines_of_stdin(supervisor: &Supervisor) -> impl Iterator<Item = io::Result<String>> {
    let (sender, lines) = mpsc::channel();
    // In a thread: a signal does not end a read.
    thread::spawn(move || io::stdin().lines().try_for_each(|line| sender.send(line)));
    iter::from_fn(move || {
        while !supervisor.has_stopped() {
            match lines.recv_timeout(POLL_INTERVAL) {
                Ok(line) => return Some(line),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        None
    })
}
