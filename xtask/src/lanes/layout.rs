//! What a drawing of one run consists of: columns and rows, whether they become text or a picture.
//!
//! Each line has a row of its own. Between two lines that are far apart in time there are rows without a line, one for
//! each step of time, as long as somebody lives: so the drawing is true to time where little happens, and readable where
//! much does.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::time::Duration;

use course_tests::trace::scenarios::Lane;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A run has about so many rows without a line.
const STEPS: f64 = 12.0;

/// What a column takes beside the text of its lines: the bar and a space before it, a space after it.
const BESIDE_TEXT: usize = 3;

/// A column in which there is less room for text than this cannot be read.
const LEAST_TEXT: usize = 9;

/// What stands at the end of one who is cut off. It is never shortened: no column is too narrow for it.
pub const CUT_OFF: &str = "cut off";

/// The lane of lines that nobody is declared to print: what Python or a panic says.
const UNKNOWN: &str = "(unknown)";

/// A run, each of its lines with the time at which it came.
#[derive(Debug, Clone)]
pub struct Run {
    /// What was run.
    pub title: String,
    /// What it printed, in the order in which it came.
    pub lines: Vec<Line>,
    /// From its start to its end.
    pub took: Duration,
    /// Which actors its end cuts off.
    pub cut_off: Vec<String>,
    /// What else there is to say of it.
    pub notes: Vec<String>,
}

/// A line of a run.
#[derive(Debug, Clone)]
pub struct Line {
    /// When it came, since the start of the run.
    pub at: Duration,
    /// Who printed it, if that is declared.
    pub lane: Option<Lane>,
    /// What was printed.
    pub text: String,
}

/// A run that is laid out.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// What was run.
    pub title: String,
    /// One for each actor, or for several of one kind where there is not enough room.
    pub columns: Vec<Column>,
    /// From the first line to the end; the last is the end.
    pub rows: Vec<Row>,
    /// What else there is to say of it.
    pub notes: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Whose it is.
    pub name: String,
    /// How many columns of a terminal it takes.
    pub width: usize,
}

/// A moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which moment: the time since the start.
    pub mark: String,
    /// What there is in each column.
    pub cells: Vec<Cell>,
}

/// What an actor does at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// It has not printed yet, or will not print any more.
    Nothing,
    /// It prints this line, which may reach into the columns on its right as far as nothing is in them.
    Line(Place, String),
    /// It has printed, and will again, or will be cut off.
    Alive,
    /// It is cut off.
    CutOff,
}

/// Where a line stands among those of its actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is the only one.
    Only,
    /// There are others, after it alone.
    First,
    /// There are others before and after it; or it is the last of one who goes on until it is cut off.
    Between,
    /// There are others, before it alone.
    Last,
}

impl Drawing {
    /// Lays a run out in `width` columns of a terminal, the marks of time not counted.
    ///
    /// # Panics
    /// Never: a run of nobody takes no room.
    #[must_use]
    pub fn new(run: &Run, width: usize) -> Self {
        let mut groups = groups(run);
        let mut notes = run.notes.clone();
        let widths = loop {
            let natural: Vec<_> = groups.iter().map(|group| natural_width(run, group)).collect();
            if let Some(widths) = fit(&natural, width) {
                break widths;
            }
            if !merge(&mut groups) {
                let last = groups.pop().expect("nothing at all always fits");
                notes.push(format!("There is no room for {}.", last.name()));
            }
        };
        let columns: Vec<_> =
            groups.iter().zip(widths).map(|(group, width)| Column { name: group.name(), width }).collect();
        let rows = Table::new(run, &groups, &columns).rows();
        Self { title: run.title.clone(), columns, rows, notes }
    }

    /// The last of the rows.
    ///
    /// # Panics
    /// When it has been taken out.
    #[must_use]
    pub fn end(&self) -> &Row {
        self.rows.last().expect("the last row is the end")
    }

    /// The rows from the first to the last of a column in which there is something.
    #[must_use]
    pub fn span(&self, column: usize) -> Option<(usize, usize)> {
        let full = |row: &Row| row.cells[column] != Cell::Nothing;
        Some((self.rows.iter().position(full)?, self.rows.iter().rposition(full)?))
    }
}

/// The actors of a column: one, or all of a kind.
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
        let shared = actors.fold(first, |shared, actor| common_start(shared, actor));
        // Not in the middle of a number.
        let words = shared.trim_end_matches(char::is_alphanumeric);
        format!("{}… ({})", if words.is_empty() { shared } else { words }, self.actors.len())
    }

    fn has(&self, line: &Line) -> bool {
        self.actors.contains(actor(line))
    }
}

fn actor(line: &Line) -> &str {
    line.lane.as_ref().map_or(UNKNOWN, |lane| &lane.actor)
}

fn common_start<'a>(a: &'a str, b: &str) -> &'a str {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    &a[..same]
}

/// A column for each actor: main first, then in the order of the declarations.
fn groups(run: &Run) -> Vec<Group> {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for line in &run.lines {
        let kind = line.lane.as_ref().map_or(usize::MAX, |lane| lane.kind);
        let known = kinds.entry(actor(line)).or_insert(kind);
        *known = kind.min(*known);
    }
    let mut sorted: Vec<_> = kinds.into_iter().collect();
    sorted.sort_by_key(|&(actor, kind)| (actor != "main", kind, actor.to_owned()));
    let group = |(actor, kind): (&str, usize)| Group { kind, actors: BTreeSet::from([actor.to_owned()]) };
    sorted.into_iter().map(group).collect()
}

/// Puts the largest kind of which there are several columns into one. False when there is none.
fn merge(groups: &mut Vec<Group>) -> bool {
    let columns = |kind: usize| groups.iter().filter(|group| group.kind == kind).count();
    let Some(kind) = groups.iter().map(|group| group.kind).max_by_key(|&kind| columns(kind)) else {
        return false;
    };
    if columns(kind) < 2 {
        return false;
    }
    let place = groups.iter().position(|group| group.kind == kind).expect("there are several");
    let actors = groups.iter().filter(|group| group.kind == kind).flat_map(|group| group.actors.clone());
    groups[place].actors = actors.collect();
    let mut at = 0;
    groups.retain(|group| {
        at += 1;
        group.kind != kind || at == place + 1
    });
    true
}

/// How much room a column takes if nothing is shortened.
fn natural_width(run: &Run, group: &Group) -> usize {
    let texts = run.lines.iter().filter(|line| group.has(line)).map(|line| printable(&line.text));
    let text = texts.map(|text| text.trim().width()).max().unwrap_or(0);
    let end = if is_cut_off(run, group) { CUT_OFF.width() } else { 0 };
    text.max(group.name().width()).max(end) + BESIDE_TEXT
}

/// The widths of all columns, the widest shortened as far as need be; nothing if that would be too far.
fn fit(natural: &[usize], width: usize) -> Option<Vec<usize>> {
    let capped = |cap: usize| natural.iter().map(move |&natural| natural.min(cap));
    let total = |cap: usize| capped(cap).sum::<usize>();
    let widest = natural.iter().copied().max().unwrap_or(0);
    let least = widest.min(LEAST_TEXT + BESIDE_TEXT);
    let cap = (least..=widest).rev().find(|&cap| total(cap) <= width)?;
    let mut widths: Vec<_> = capped(cap).collect();
    if let Some(last) = widths.last_mut().filter(|_| cap < widest) {
        *last += width - total(cap);
    }
    Some(widths)
}

/// What becomes the rows of a drawing.
struct Table<'a> {
    run: &'a Run,
    groups: &'a [Group],
    columns: &'a [Column],
    /// The lines for which there is a column.
    lines: Vec<&'a Line>,
}

impl<'a> Table<'a> {
    fn new(run: &'a Run, groups: &'a [Group], columns: &'a [Column]) -> Self {
        let lines = run.lines.iter().filter(|line| groups.iter().any(|group| group.has(line))).collect();
        Self { run, groups, columns, lines }
    }

    fn rows(&self) -> Vec<Row> {
        let (took, step) = (self.run.took, step(self.run.took));
        let row = |at, cells| Row { mark: mark(at, took), cells };
        let mut rows = Vec::new();
        let mut last = Duration::ZERO;
        for (place, line) in self.lines.iter().enumerate() {
            if let Some(cells) = self.between(place) {
                rows.extend(ticks(last, line.at, step).map(|tick| row(tick, cells.clone())));
            }
            rows.push(row(line.at, self.at(place)));
            last = line.at;
        }
        if let Some(cells) = self.between(self.lines.len()) {
            rows.extend(ticks(last, took, step).map(|tick| row(tick, cells.clone())));
        }
        let end = |group| if self.is_cut_off(group) { Cell::CutOff } else { Cell::Nothing };
        rows.push(row(took, self.groups.iter().map(end).collect()));
        rows
    }

    /// What there is in each column between the line before this one and this one, if there is anything.
    fn between(&self, line: usize) -> Option<Vec<Cell>> {
        Some(self.before(line)).filter(|cells| cells.contains(&Cell::Alive))
    }

    fn before(&self, line: usize) -> Vec<Cell> {
        let cell = |group| {
            if self.is_known(group, line) && self.goes_on(group, line) { Cell::Alive } else { Cell::Nothing }
        };
        self.groups.iter().map(cell).collect()
    }

    /// What there is in each column at the moment of this line.
    fn at(&self, line: usize) -> Vec<Cell> {
        let mut cells = self.before(line);
        let column = self.groups.iter().position(|group| group.has(self.lines[line]));
        let column = column.expect("each of the lines has its column");
        let group = &self.groups[column];
        let place = match (self.is_known(group, line), self.goes_on(group, line + 1)) {
            (false, false) => Place::Only,
            (false, true) => Place::First,
            (true, true) => Place::Between,
            (true, false) => Place::Last,
        };
        let text = printable(&self.lines[line].text);
        cells[column] = Cell::Line(place, shortened(text.trim(), self.room(column, &cells) - BESIDE_TEXT));
        cells
    }

    /// How wide a column is together with those on its right in which there is nothing.
    fn room(&self, column: usize, cells: &[Cell]) -> usize {
        let next = (column + 1..cells.len()).find(|&next| cells[next] != Cell::Nothing);
        self.left(next.unwrap_or(cells.len())) - self.left(column)
    }

    fn left(&self, column: usize) -> usize {
        self.columns[..column].iter().map(|column| column.width).sum()
    }

    /// Whether it has printed a line before this one.
    fn is_known(&self, group: &Group, line: usize) -> bool {
        self.lines[..line].iter().any(|line| group.has(line))
    }

    /// Whether it prints this line or one after it, or lives until it is cut off.
    fn goes_on(&self, group: &Group, line: usize) -> bool {
        self.is_cut_off(group) || self.lines[line..].iter().any(|line| group.has(line))
    }

    fn is_cut_off(&self, group: &Group) -> bool {
        is_cut_off(self.run, group)
    }
}

fn is_cut_off(run: &Run, group: &Group) -> bool {
    run.cut_off.iter().any(|actor| group.actors.contains(actor))
}

/// The moments between two lines that get a row: whole steps, none of them close to either line.
fn ticks(last: Duration, next: Duration, step: Duration) -> impl Iterator<Item = Duration> {
    let first = (last + step / 2).as_nanos().div_ceil(step.as_nanos());
    let moments = (u32::try_from(first).unwrap_or(u32::MAX)..).map(move |number| step * number);
    moments.take_while(move |&tick| tick + step / 2 <= next)
}

/// The time from one row without a line to the next: 1, 2 or 5 with zeros before or behind.
fn step(took: Duration) -> Duration {
    let wanted = took.as_secs_f64() / STEPS;
    let sizes = iter::successors(Some(1e-4), |size| Some(size * 10.0));
    let steps = sizes.flat_map(|size| [size, 2.0 * size, 5.0 * size]);
    let mut enough = steps.filter(|&step| step >= wanted);
    Duration::from_secs_f64(enough.next().expect("there is no end of them"))
}

/// A moment in milliseconds, in a run of seconds in seconds.
fn mark(at: Duration, took: Duration) -> String {
    if took < Duration::from_secs(1) {
        return format!("{:.2} ms", at.as_secs_f64() * 1000.0);
    }
    format!("{:.3} s", at.as_secs_f64())
}

/// The text without what would change the place of what follows, or cannot stand in a picture.
fn printable(text: &str) -> String {
    let visible = |char: char| !char.is_control() && !matches!(char, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|char| if visible(char) { char } else { ' ' }).collect()
}

/// The text, its middle replaced by `…` if it takes more than `width` columns: what differs is often at the end.
#[must_use]
pub fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let end: Vec<char> = fitting(text.chars().rev(), room / 2).collect();
    let taken: usize = end.iter().filter_map(|char| char.width()).sum();
    fitting(text.chars(), room - taken).chain(['…']).chain(end.into_iter().rev()).collect()
}

/// The first of `chars`, as many as fit into `width` columns.
fn fitting(chars: impl Iterator<Item = char>, width: usize) -> impl Iterator<Item = char> {
    let mut taken = 0;
    chars.take_while(move |char| {
        taken += char.width().unwrap_or(0);
        taken <= width
    })
}
