//! The columns: what each actor will do next, and its source around the line where it stands.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Style, Stylize};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::app::App;
use crate::program::{Actor, State};
use crate::sources::Sources;
use crate::text::{cut, wrap};
use crate::words;

/// The narrowest column that shows a source.
const MIN_WIDTH: u16 = 25;

/// The most lines for what an actor will do next.
const MAX_WORDS: usize = 3;

/// The indentation that a line keeps if it is too wide for its column. The lines around it lose as many spaces.
const KEPT_INDENT: usize = 4;

/// Draws a column for as many actors as fit, and a line for each of the rest.
pub(super) fn draw(frame: &mut Frame, area: Rect, app: &mut App) {
    let actors = &app.session.position().actors;
    let fit = usize::from((area.width + 1) / (MIN_WIDTH + 1));
    let shown = shown(actors, app.selected, fit);
    let rest: Vec<usize> = (0..actors.len()).filter(|actor| !shown.contains(actor)).collect();
    let rest_height = u16::try_from(rest.len()).unwrap_or(u16::MAX).min(area.height / 3);
    let [top, below] = Layout::vertical([Constraint::Fill(1), Constraint::Length(rest_height)]).areas(area);
    let columns = Layout::horizontal(widths(actors, &shown)).spacing(1).split(top);
    let words = shown.iter().zip(columns.iter());
    let words = words.map(|(&actor, column)| wrap(&actors[actor].next, column.width.into()).len());
    let words = words.max().unwrap_or(0).min(MAX_WORDS);
    for (&number, &column) in shown.iter().zip(columns.iter()) {
        let is_selected = number == app.selected;
        let lines = column_lines(number, &actors[number], is_selected, column, words, &mut app.sources);
        frame.render_widget(Paragraph::new(lines), column);
        if column.x > area.x {
            let bar = vec![Line::from("│").dim(); column.height.into()];
            frame.render_widget(Paragraph::new(bar), Rect { x: column.x - 1, width: 1, ..column });
        }
    }
    let rest = rest_lines(actors, &rest, rest_height.into(), area.width.into());
    frame.render_widget(Paragraph::new(rest), below);
}

/// Returns the actors that get a column, in their order: the selected one first of all, then those that can go, then those
/// that wait.
fn shown(actors: &[Actor], selected: usize, fit: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..actors.len()).collect();
    order.sort_by_key(|&actor| (actor != selected, actors[actor].state as u8, actor));
    order.truncate(fit);
    order.sort_unstable();
    order
}

/// Returns the widths of the columns. Those of ended actors only hold their heading.
fn widths(actors: &[Actor], shown: &[usize]) -> Vec<Constraint> {
    let width = |&number: &usize| match &actors[number] {
        actor if actor.state.is_over() => {
            let width = u16::try_from(heading(number, actor).width()).unwrap_or(MIN_WIDTH);
            Constraint::Length(width.min(MIN_WIDTH))
        }
        _ => Constraint::Fill(1),
    };
    shown.iter().map(width).collect()
}

fn column_lines(
    number: usize,
    actor: &Actor,
    is_selected: bool,
    area: Rect,
    words: usize,
    sources: &mut Sources,
) -> Vec<Line<'static>> {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let head = heading(number, actor);
    let head = Line::from(format!("{:<width$}", cut(&head, width)));
    let style = match actor.state {
        State::Ready => Style::new().bold(),
        State::Waits => Style::new(),
        State::Ended | State::CutOff => Style::new().dim(),
    };
    let mut lines = vec![head.style(if is_selected { style.reversed() } else { style })];
    let mut next = wrap(&actor.next, width);
    next.resize(words, String::new());
    lines.extend(next.into_iter().map(|line| Line::from(line).style(style)));
    if let Some(file) = &actor.file {
        let name = format!("─ {} ", file.rsplit('/').next().unwrap_or(file));
        lines.push(Line::from(format!("{:─<width$}", cut(&name, width))).dim());
        let height = height.saturating_sub(lines.len());
        lines.extend(source_lines(sources.lines(file), actor, width, height));
    }
    lines
}

fn heading(number: usize, actor: &Actor) -> String {
    let mark = match actor.state {
        State::Ready => "»",
        State::Waits | State::Ended | State::CutOff => " ",
    };
    format!("{mark}{number} {} [{}]", actor.name, words::state(actor.state))
}

/// Returns the source around the line where an actor stands. That line is broken if it is too long, the others are cut.
fn source_lines(source: &[String], actor: &Actor, width: usize, height: usize) -> Vec<Line<'static>> {
    let gutter = source.len().to_string().len();
    let code_width = width.saturating_sub(gutter + 2);
    let current = actor.line.saturating_sub(1);
    let line = without_comment(source.get(current).map_or("", String::as_str), code_width);
    let removed = line.width().saturating_sub(code_width).min(indent(line).saturating_sub(KEPT_INDENT));
    let parts = wrap_code(&line[removed..], code_width);
    let above = (height.saturating_sub(parts.len()) / 2).min(current);
    let first = (current - above).min((source.len() + parts.len() - 1).saturating_sub(height));
    let style =
        if actor.state == State::Ready { Style::new().bold().reversed() } else { Style::new().bold() };
    let mut lines = Vec::new();
    for (index, line) in source.iter().enumerate().skip(first) {
        let number = (index + 1).to_string();
        if index == current {
            lines.extend(parts.iter().enumerate().map(|(part, code)| {
                let number = if part == 0 { number.as_str() } else { "" };
                Line::from(format!(">{number:>gutter$} {code:<code_width$}")).style(style)
            }));
        } else {
            let line = &line[removed.min(indent(line))..];
            lines.push(Line::from(format!(" {number:>gutter$} {}", cut(line, code_width))));
        }
    }
    lines.truncate(height);
    lines
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Returns a line without the comment at its end, if it is too wide.
fn without_comment(line: &str, width: usize) -> &str {
    match line.split_once(" // ") {
        Some((code, _)) if line.width() > width && !code.trim().is_empty() => code,
        _ => line,
    }
}

/// Breaks a line of code, and indents each part as far as the first.
fn wrap_code(line: &str, width: usize) -> Vec<String> {
    let indent = indent(line);
    let parts = wrap(line.trim_start(), width.saturating_sub(indent));
    parts.into_iter().map(|part| format!("{:indent$}{part}", "")).collect()
}

/// Returns a line for each actor without a column.
fn rest_lines(actors: &[Actor], rest: &[usize], height: usize, width: usize) -> Vec<Line<'static>> {
    let line = |&number: &usize| {
        let actor = &actors[number];
        let place = actor.file.as_ref().map(|_| format!("line {}: ", actor.line)).unwrap_or_default();
        Line::from(cut(&format!("{}  {place}{}", heading(number, actor), actor.next), width))
    };
    let mut lines: Vec<_> = rest.iter().map(line).collect();
    if lines.len() > height && height > 0 {
        let hidden = lines.len() - (height - 1);
        lines.truncate(height - 1);
        lines.push(Line::from(format!("  and {hidden} more actors (select one to see it)")).dim());
    }
    lines
}
