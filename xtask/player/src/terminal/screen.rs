//! The whole screen: the title, the columns, the panels, and the lines at the bottom.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Style, Stylize};
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};
use unicode_width::UnicodeWidthStr;

use super::app::{App, Popup};
use super::columns;
use super::panels;
use crate::session::Session;
use crate::text::{cut, wrap};
use crate::words;

/// The smallest screen on which a position can be shown.
const MIN_SIZE: (u16, u16) = (40, 16);

/// The keys that are shown at the bottom.
const KEYS: &str =
    "? help  q quit  0…9 go  ← → select  Enter go  e run  u undo  r restart  f futures  g goals  o goal";

/// The keys on a narrow screen.
const FEWER_KEYS: &str = "? help  q quit  0…9 go  e run  u undo  r restart  f futures  g goals";

/// Draws the screen.
pub fn draw(frame: &mut Frame, app: &mut App) {
    let area = frame.area();
    if area.width < MIN_SIZE.0 || area.height < MIN_SIZE.1 {
        let text = format!("This needs at least {} columns and {} rows.", MIN_SIZE.0, MIN_SIZE.1);
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), area);
        return;
    }
    let (bottom, style) = bottom(app, area.width.into());
    let bottom_height = u16::try_from(bottom.len()).unwrap_or(1).min(area.height / 3);
    let panels_height = (area.height / 3).min(14);
    let rows = [1, 1].map(Constraint::Length);
    let rows = rows.into_iter().chain([Constraint::Fill(1)]);
    let rows = rows.chain([panels_height, bottom_height, 1].map(Constraint::Length));
    let rows = Layout::vertical(rows).split(area);
    frame.render_widget(title(&app.session, area.width.into()).reversed(), rows[0]);
    frame.render_widget(goal(&app.session, area.width.into()), rows[1]);
    if app.session.position().all_ended() {
        panels::draw_steps(frame, rows[2], "All actors have ended: their last steps", &app.session);
    } else {
        columns::draw(frame, rows[2], app);
    }
    panels::draw(frame, rows[3], &app.session);
    frame.render_widget(Paragraph::new(bottom).style(style), rows[4]);
    let keys = if KEYS.width() <= area.width.into() { KEYS } else { FEWER_KEYS };
    frame.render_widget(Line::from(keys).dim(), rows[5]);
    if let Some(popup) = &mut app.popup {
        draw_popup(frame, area, popup);
    }
}

/// Returns the title, with the number of steps and switches at the right.
fn title(session: &Session, width: usize) -> Line<'static> {
    let count = session.choices().len();
    let steps = if count == 1 { "1 step".to_owned() } else { format!("{count} steps") };
    let right = format!(" {steps}, {} ", words::switches(session.switches()));
    let room = width.saturating_sub(right.width() + 1);
    let title = cut(&session.scene().title, room);
    let gap = " ".repeat(room.saturating_sub(title.width()));
    Line::from(format!(" {title}{gap}{right}")).bold()
}

/// Returns the line that shows the goal to reach.
fn goal(session: &Session, width: usize) -> Line<'static> {
    let wanted = session.scene().wanted.and_then(|wanted| session.goals().nth(wanted));
    let text = match wanted {
        Some((goal, progress)) => format!(" Goal: {}", words::goal(goal, progress)),
        None if session.scene().goals.is_empty() => String::new(),
        None => " Goal: none (o selects one)".to_owned(),
    };
    Line::from(cut(&text, width)).bold()
}

/// Returns the lines above the keys: what has gone wrong, how the program has ended, or who can go.
fn bottom(app: &App, width: usize) -> (Vec<Line<'static>>, Style) {
    let announcements = words::announcements(&app.session);
    let alarm = Style::new().bold().reversed();
    let (texts, style) = if let Some(error) = &app.error {
        (vec![format!("Error: {error}")], Style::new().bold())
    } else if let Some(work) = app.work_in_words() {
        (vec![work.to_owned()], Style::new().bold())
    } else if announcements.is_empty() {
        let ready = app.session.position().ready().map(|(number, name)| format!("{number} {name}"));
        let text = format!("Who goes next?  {}", ready.collect::<Vec<_>>().join("  "));
        (vec![cut(&text, width.saturating_sub(2))], Style::new())
    } else {
        (announcements, alarm)
    };
    let lines = texts.iter().flat_map(|text| wrap(text, width.saturating_sub(2)));
    // Padded, so that the style covers the whole line.
    (lines.map(|line| Line::from(format!(" {line:<width$}"))).collect(), style)
}

fn draw_popup(frame: &mut Frame, area: Rect, popup: &mut Popup) {
    let inner_width = usize::from(area.width) - 8;
    let lines: Vec<String> = popup.lines.iter().flat_map(|line| indented(line, inner_width)).collect();
    let width = lines.iter().map(|line| line.width()).max().unwrap_or(0).max(30);
    let size = |length: usize| Constraint::Length(u16::try_from(length).unwrap_or(u16::MAX));
    let height = (lines.len() + 2).min(usize::from(area.height) - 2);
    let place = area.centered(size(width + 4), size(height));
    let hidden = lines.len().saturating_sub(height - 2);
    popup.scroll = popup.scroll.min(hidden);
    let keys = if hidden > 0 { " ↑↓ scroll, any other key closes " } else { " any key closes " };
    let block = Block::bordered().title(format!(" {} ", popup.title).bold()).title_bottom(keys);
    let shown = lines.into_iter().skip(popup.scroll).map(|line| Line::from(format!(" {line}")));
    frame.render_widget(Clear, place);
    frame.render_widget(Paragraph::new(shown.collect::<Vec<_>>()).block(block), place);
}

/// Breaks a line like [`wrap`], but keeps its spaces if it fits.
fn indented(line: &str, width: usize) -> Vec<String> {
    if line.width() <= width { vec![line.to_owned()] } else { wrap(line, width) }
}
