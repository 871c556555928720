//! The screen: a column for each actor, and keys that choose who takes the next step.

pub mod app;
mod columns;
mod panels;
pub mod screen;

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyEventKind};

use crate::session::Session;
use app::App;
use xtask::supervisor::Supervisor;

/// How often the wait for a key looks whether a signal was caught.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Plays a session on the terminal, until the player quits or `supervisor` has caught a signal.
///
/// # Errors
/// If the terminal cannot be read or written. It is restored in any case.
pub fn run(session: Session, supervisor: &Supervisor) -> Result<()> {
    // It also sets a panic hook that restores the terminal.
    let terminal = ratatui::try_init().context("cannot use the terminal")?;
    let _restored = Restored;
    show(terminal, &mut App::new(session), supervisor)
}

/// Restores the terminal on drop.
struct Restored;

impl Drop for Restored {
    fn drop(&mut self) {
        // At a panic it has been restored. A second time, the cursor would return to where it was, above the message.
        if !thread::panicking() {
            ratatui::restore();
        }
    }
}

fn show(mut terminal: DefaultTerminal, app: &mut App, supervisor: &Supervisor) -> Result<()> {
    while supervisor.signal().is_none() {
        terminal.draw(|frame| screen::draw(frame, app))?;
        // The screen shows first that this may take a while.
        if app.work() {
            continue;
        }
        while supervisor.signal().is_none() && !event::poll(POLL_INTERVAL)? {}
        if supervisor.signal().is_some() {
            break;
        }
        if let Event::Key(key) = event::read()?
            && key.kind == KeyEventKind::Press
            && !app.press(key)
        {
            break;
        }
    }
    Ok(())
}
