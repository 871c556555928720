//! The state of the screen, and what the keys do to it.

use anyhow::Result;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::futures;
use crate::session::Session;
use crate::sources::Sources;
use crate::words;

/// What the keys do, for the pop-up.
const HELP: [&str; 14] = [
    "0 … 9      this actor takes the next step",
    "← →        select an actor",
    "Enter      the selected actor takes the next step",
    "e          the selected actor runs until it waits or ends",
    "u          undo a step (also Backspace)",
    "r          restart",
    "f          compare the futures: what is still possible,",
    "           depending on who goes next",
    "g          all goals",
    "o          show another goal at the top",
    "?          this help",
    "q          quit (also Esc, Ctrl-C)",
    "",
    "A switch is a step by another actor than the step before.",
];

/// The state of the screen.
pub struct App<'p> {
    /// What is played.
    pub session: Session<'p>,
    pub(super) sources: Sources,
    pub(super) selected: usize,
    /// What the last key could not do.
    pub(super) error: Option<String>,
    pub(super) popup: Option<Popup>,
    work: Option<Work>,
}

/// A text that covers the screen.
pub(super) struct Popup {
    pub(super) title: &'static str,
    pub(super) lines: Vec<String>,
    /// The first line that is shown.
    pub(super) scroll: usize,
}

/// A request that may take seconds.
enum Work {
    FindFewest,
    Futures,
}

impl<'p> App<'p> {
    /// Creates the state of a screen that shows `session`.
    #[must_use]
    pub fn new(session: Session<'p>) -> Self {
        let sources = Sources::new(session.scene().root.clone());
        let selected = session.choices().last().copied().unwrap_or(0);
        let work = (!session.scene().goals.is_empty()).then_some(Work::FindFewest);
        Self { session, sources, selected, error: None, popup: None, work }
    }

    /// Handles a key. Returns `false` if the player quits.
    pub fn press(&mut self, key: KeyEvent) -> bool {
        self.error = None;
        let is_ctrl_c = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
        if is_ctrl_c {
            return false;
        }
        if self.popup.is_some() {
            self.press_in_popup(key.code);
            return true;
        }
        match key.code {
            KeyCode::Char('q') | KeyCode::Esc => return false,
            KeyCode::Char(digit @ '0'..='9') => self.choose(digit as usize - '0' as usize),
            KeyCode::Left | KeyCode::Up | KeyCode::BackTab => self.select(self.actors() - 1),
            KeyCode::Right | KeyCode::Down | KeyCode::Tab => self.select(1),
            KeyCode::Enter | KeyCode::Char(' ') => self.choose(self.selected),
            KeyCode::Char('e') => {
                let ran = self.session.run(self.selected);
                self.report(ran);
            }
            KeyCode::Char('u') | KeyCode::Backspace => {
                let undone = self.session.undo();
                self.report(undone);
            }
            KeyCode::Char('r') => self.session.restart(),
            KeyCode::Char('o') => self.session.want_next_goal(),
            KeyCode::Char('f') => self.work = Some(Work::Futures),
            KeyCode::Char('g') => self.show("Goals", self.goals()),
            KeyCode::Char('?' | 'h') => self.show("Keys", HELP.map(str::to_owned).to_vec()),
            _ => {}
        }
        // After an undo, the selected actor may not have been created yet.
        self.selected = self.selected.min(self.actors() - 1);
        true
    }

    /// Describes the request that [`work`](Self::work) will make, if any.
    pub(super) fn work_in_words(&self) -> Option<&'static str> {
        self.work.as_ref().map(|work| match work {
            Work::FindFewest => "Finding the fewest switches for each goal …",
            Work::Futures => "Comparing the futures …",
        })
    }

    /// Makes the request that may take seconds. Returns `false` if there is none.
    pub fn work(&mut self) -> bool {
        let Some(work) = self.work.take() else { return false };
        let done = match work {
            Work::FindFewest => self.session.find_fewest(),
            Work::Futures => self.session.futures().map(|found| {
                self.show("Futures", futures::describe(&found, self.session.position()));
            }),
        };
        self.report(done);
        true
    }

    fn press_in_popup(&mut self, code: KeyCode) {
        let Some(popup) = &mut self.popup else { return };
        match code {
            KeyCode::Up => popup.scroll = popup.scroll.saturating_sub(1),
            // The screen limits it.
            KeyCode::Down => popup.scroll += 1,
            _ => self.popup = None,
        }
    }

    fn choose(&mut self, actor: usize) {
        let chosen = self.session.choose(actor);
        if chosen.is_ok() {
            self.selected = actor;
        }
        self.report(chosen);
    }

    fn report(&mut self, done: Result<()>) {
        self.error = done.err().map(|error| format!("{error:#}"));
    }

    fn select(&mut self, forward: usize) {
        self.selected = (self.selected + forward) % self.actors();
    }

    /// Returns the number of actors. There is always one.
    fn actors(&self) -> usize {
        self.session.position().actors.len().max(1)
    }

    fn show(&mut self, title: &'static str, lines: Vec<String>) {
        self.popup = Some(Popup { title, lines, scroll: 0 });
    }

    fn goals(&self) -> Vec<String> {
        let mut lines: Vec<_> =
            self.session.goals().map(|(goal, progress)| words::goal(goal, progress)).collect();
        if lines.is_empty() {
            lines.push("This scene has no goals.".to_owned());
        }
        lines
    }
}
