//! The columns of a drawing: one for each actor, as far as the width allows.

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::run::{Line, Run};

/// The width of a column beside its text: a bar and a space on the left, a space on the right.
pub const PADDING: usize = 3;

/// The least width of a text: a narrower one cannot be read.
const MIN_TEXT: usize = 9;

/// The text at the end of an actor that is cut off. It is never truncated: no column is too narrow for it.
pub const CUT_OFF: &str = "cut off";

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name above it.
    pub name: String,
    /// Its width, in columns of a terminal.
    pub width: usize,
    /// The actors whose lines are in it: one, or all of a kind.
    pub actors: BTreeSet<String>,
}

impl Column {
    /// Whether the line is in this column.
    #[must_use]
    pub fn has(&self, line: &Line) -> bool {
        self.actors.contains(line.actor())
    }

    /// Whether one of its actors is cut off by the end of the run.
    #[must_use]
    pub fn is_cut_off(&self, run: &Run) -> bool {
        is_cut_off(&self.actors, run)
    }
}

/// Returns the columns for a run, and the names of those that are left out because `width` is too small. Where it can, it
/// first merges the columns of actors of one kind.
#[must_use]
pub fn columns(run: &Run, width: usize) -> (Vec<Column>, Vec<String>) {
    let mut groups = groups(run);
    let mut left_out = Vec::new();
    loop {
        let natural: Vec<_> = groups.iter().map(|group| natural_width(run, group)).collect();
        if let Some(widths) = fit(&natural, width) {
            let column =
                |(group, width): (Group, usize)| Column { name: group.name(), width, actors: group.actors };
            return (groups.into_iter().zip(widths).map(column).collect(), left_out);
        }
        if !merge(&mut groups) {
            left_out.extend(groups.pop().map(|group| group.name()));
        }
    }
}

/// The actors of a column.
#[derive(Debug, Clone)]
struct Group {
    kind: usize,
    actors: BTreeSet<String>,
}

impl Group {
    fn name(&self) -> String {
        let mut actors = self.actors.iter();
        let first = actors.next().map_or("", String::as_str);
        if self.actors.len() == 1 {
            return first.to_owned();
        }
        let prefix = actors.fold(first, |prefix, actor| common_prefix(prefix, actor));
        // Not in the middle of a number.
        let words = prefix.trim_end_matches(char::is_alphanumeric);
        format!("{}… ({})", if words.is_empty() { prefix } else { words }, self.actors.len())
    }
}

fn common_prefix<'a>(a: &'a str, b: &str) -> &'a str {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    &a[..same]
}

fn is_cut_off(actors: &BTreeSet<String>, run: &Run) -> bool {
    run.cut_off.iter().any(|actor| actors.contains(actor))
}

/// Returns a group for each actor: main first, then in the order of the declarations.
fn groups(run: &Run) -> Vec<Group> {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for line in &run.lines {
        let kind = line.lane.as_ref().map_or(usize::MAX, |lane| lane.kind);
        let known = kinds.entry(line.actor()).or_insert(kind);
        *known = kind.min(*known);
    }
    let mut sorted: Vec<_> = kinds.into_iter().collect();
    sorted.sort_by_key(|&(actor, kind)| (actor != "main", kind, actor.to_owned()));
    let group = |(actor, kind): (&str, usize)| Group { kind, actors: BTreeSet::from([actor.to_owned()]) };
    sorted.into_iter().map(group).collect()
}

/// Merges all groups of the kind that has the most. Returns false if no kind has several.
fn merge(groups: &mut Vec<Group>) -> bool {
    let count = |kind: usize| groups.iter().filter(|group| group.kind == kind).count();
    let Some(kind) = groups.iter().map(|group| group.kind).max_by_key(|&kind| count(kind)) else {
        return false;
    };
    if count(kind) < 2 {
        return false;
    }
    let mut actors = BTreeSet::new();
    for group in groups.iter_mut().filter(|group| group.kind == kind) {
        actors.append(&mut group.actors);
    }
    let first = groups.iter().position(|group| group.kind == kind).expect("there are several");
    groups[first].actors = actors;
    groups.retain(|group| !group.actors.is_empty());
    true
}

/// Returns the width of a column in which nothing is truncated.
fn natural_width(run: &Run, group: &Group) -> usize {
    let lines = run.lines.iter().filter(|line| group.actors.contains(line.actor()));
    let text = lines.map(|line| printable(&line.text).trim().width()).max().unwrap_or(0);
    let end = if is_cut_off(&group.actors, run) { CUT_OFF.width() } else { 0 };
    text.max(group.name().width()).max(end) + PADDING
}

/// Returns the widths of all columns, narrowed as far as needed; `None` if they would be too narrow to read. The last column
/// is narrowed only if the others would be too narrow otherwise: its lines cannot extend over empty cells on their right.
fn fit(natural: &[usize], width: usize) -> Option<Vec<usize>> {
    let with_whole_last = || {
        let (&last, others) = natural.split_last()?;
        let mut widths = narrow(others, width.checked_sub(last)?)?;
        widths.push(last);
        Some(widths)
    };
    with_whole_last().or_else(|| narrow(natural, width))
}

/// Returns the widths of columns, the widest narrowed as far as needed; `None` if they would be too narrow to read.
fn narrow(natural: &[usize], width: usize) -> Option<Vec<usize>> {
    let capped = |cap: usize| natural.iter().map(move |&natural| natural.min(cap));
    let total = |cap: usize| capped(cap).sum::<usize>();
    let widest = natural.iter().copied().max().unwrap_or(0);
    let least = widest.min(MIN_TEXT + PADDING);
    let cap = (least..=widest).rev().find(|&cap| total(cap) <= width)?;
    let mut widths: Vec<_> = capped(cap).collect();
    if let Some(last) = widths.last_mut().filter(|_| cap < widest) {
        *last += width - total(cap);
    }
    Some(widths)
}

/// Replaces the characters that would move what follows, or that cannot be in a picture, by spaces.
#[must_use]
pub fn printable(text: &str) -> String {
    let visible = |char: char| !char.is_control() && !matches!(char, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|char| if visible(char) { char } else { ' ' }).collect()
}

/// Replaces the middle of the text by `…` if it is wider than `width`: what tells texts apart is often at the end.
#[must_use]
pub fn truncate(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let available = width.saturating_sub(1);
    let end: Vec<char> = fitting(text.chars().rev(), available / 2).collect();
    let taken: usize = end.iter().filter_map(|char| char.width()).sum();
    fitting(text.chars(), available - taken).chain(['…']).chain(end.into_iter().rev()).collect()
}

/// Splits a text into pieces that are not wider than `width`, between words where it can.
#[must_use]
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let fits: usize = fitting(rest.chars(), width).map(char::len_utf8).sum();
        let end = match rest[fits..].chars().next() {
            None | Some(' ') => fits,
            Some(_) => rest[..fits].rfind(' ').unwrap_or(fits.max(first.len_utf8())),
        };
        pieces.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    pieces
}

/// Returns the first of `chars`, as many as fit into `width`.
fn fitting(chars: impl Iterator<Item = char>, width: usize) -> impl Iterator<Item = char> {
    let mut taken = 0;
    chars.take_while(move |char| {
        taken += char.width().unwrap_or(0);
        taken <= width
    })
}
