//! The panels below the columns: what was printed, what is held, the last steps, and the goals.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Stylize;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::session::Session;
use crate::text::cut;
use crate::words;

/// Draws the panels.
pub(super) fn draw(frame: &mut Frame, area: Rect, session: &Session) {
    let position = session.position();
    let [left, right] = Layout::horizontal([Constraint::Fill(1); 2]).spacing(1).areas(area);
    // Once all actors have ended, the steps are where the columns were.
    let steps_share = u16::from(!position.all_ended());
    let [printed, steps] = Layout::vertical([Constraint::Fill(1), Constraint::Fill(steps_share)]).areas(left);
    let [held, goals] = Layout::vertical([Constraint::Fill(1); 2]).areas(right);
    draw_end(frame, printed, "Printed", &position.printed);
    draw_steps(frame, steps, "Last steps", session);
    draw_begin(frame, held, "Held", &position.holds);
    let lines = session.goals().map(|(goal, progress)| words::goal(goal, progress));
    draw_begin(frame, goals, "Goals", &lines.collect::<Vec<_>>());
}

/// Draws a panel that shows the last steps.
pub(super) fn draw_steps(frame: &mut Frame, area: Rect, title: &str, session: &Session) {
    let position = session.position();
    let steps = position.steps.iter().map(|step| {
        let name = position.actors.get(step.actor).map_or("?", |actor| &actor.name);
        format!("{name}: {}", step.words)
    });
    draw_end(frame, area, title, &steps.collect::<Vec<_>>());
}

/// Draws a panel that shows the last lines that fit.
fn draw_end(frame: &mut Frame, area: Rect, title: &str, lines: &[String]) {
    let room = usize::from(area.height.saturating_sub(1));
    draw_panel(frame, area, title, &lines[lines.len().saturating_sub(room)..]);
}

/// Draws a panel that shows the first lines that fit, and how many do not.
fn draw_begin(frame: &mut Frame, area: Rect, title: &str, lines: &[String]) {
    let room = usize::from(area.height.saturating_sub(1));
    let mut shown = lines.to_vec();
    if lines.len() > room && room > 0 {
        shown.truncate(room - 1);
        shown.push(format!("and {} more", lines.len() - shown.len()));
    }
    draw_panel(frame, area, title, &shown);
}

fn draw_panel(frame: &mut Frame, area: Rect, title: &str, lines: &[String]) {
    let width = usize::from(area.width);
    let title = Line::from(format!("{:─<width$}", format!("─ {title} "))).dim();
    let lines = lines.iter().map(|line| Line::from(cut(&format!(" {line}"), width)));
    let text: Vec<_> = [title].into_iter().chain(lines).collect();
    frame.render_widget(Paragraph::new(text), area);
}
