//! Says in words what holds in every one of a set of outputs: what a lesson promises.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::tidy::Tidy;
use crate::unordered::{everything_before, groups};

/// The outputs that a program can have, or has had: each a list of lines.
pub type Outputs = BTreeSet<Vec<String>>;

/// A line of the program, whatever varies in it: the same line in all outputs.
type Label = String;

/// What every one of `outputs` has in common, and what not. `how` tells how they were found. Of `tidy` it takes who
/// prints a line, and what may vary in it ([`Tidy::any`]).
///
/// # Panics
/// When `tidy` does not say who prints a line.
#[must_use]
pub fn promises(outputs: &Outputs, how: &str, tidy: &Tidy) -> String {
    let labelled: Vec<Vec<Label>> = outputs.iter().map(|lines| labels(lines, tidy)).collect();
    let events = events(&labelled);
    let order = Order::of(&events, &labelled, tidy);
    let count = outputs.len();
    let mut words = format!("{count} possible output{}; {how}\n", if count == 1 { "" } else { "s" });
    section(&mut words, "always", &order.chains());
    section(&mut words, "in either order", &order.in_either_order());
    section(&mut words, "may be missing", &missing(&events, &labelled));
    let values = values(outputs, &labelled);
    if !values.is_empty() {
        section(&mut words, "may vary", &values);
    }
    words
}

fn section(words: &mut String, title: &str, lines: &[String]) {
    let _ = writeln!(words, "\n{title}");
    for line in lines {
        let _ = writeln!(words, "  {line}");
    }
    if lines.is_empty() {
        let _ = writeln!(words, "  nothing");
    }
}

/// The lines of one output without what may vary; the second of two equal ones is told apart.
fn labels(lines: &[String], tidy: &Tidy) -> Vec<Label> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let number = |line: &String| {
        let label = tidy.erased(line);
        let times = seen.entry(label.clone()).or_default();
        *times += 1;
        if *times == 1 { label } else { format!("{label} (time {times})") }
    };
    lines.iter().map(number).collect()
}

/// All lines that there are, by their first appearance.
fn events(labelled: &[Vec<Label>]) -> Vec<&Label> {
    let mut events: Vec<&Label> = Vec::new();
    for label in labelled.iter().flatten() {
        if !events.contains(&label) {
            events.push(label);
        }
    }
    events
}

/// What is declared of one output, where the possible ones cannot be found: the order that `tidy` keeps. `how` tells how
/// it was checked.
///
/// # Panics
/// When `tidy` does not say who prints a line.
#[must_use]
pub fn declared(output: &str, how: &str, tidy: &Tidy) -> String {
    let kept = tidy.kept_order(output);
    let lines: Vec<String> = kept.iter().map(|line| line.text.clone()).collect();
    let labels = labels(&lines, tidy);
    let order = Order {
        actors: kept.iter().map(|line| line.actor.clone()).collect(),
        before: everything_before(kept.len(), |a, b| kept[a].depends_on(&kept[b])),
        events: labels.iter().collect(),
    };
    let mut words = format!("{how}\n");
    section(&mut words, "always", &order.chains());
    section(&mut words, "in either order", &order.in_either_order());
    words
}

/// Which lines always come before which others.
struct Order<'a> {
    events: Vec<&'a Label>,
    /// Who prints each of them.
    actors: Vec<String>,
    /// `before[a][b]`: a comes before b.
    before: Vec<Vec<bool>>,
}

impl<'a> Order<'a> {
    /// One line is before another if it is so in every output that has both.
    fn of(events: &[&'a Label], labelled: &[Vec<Label>], tidy: &Tidy) -> Self {
        let places: Vec<Vec<Option<usize>>> = labelled
            .iter()
            .map(|labels| {
                events.iter().map(|event| labels.iter().position(|label| label == *event)).collect()
            })
            .collect();
        let always = |a: usize, b: usize| {
            let mut both = places.iter().filter_map(|places| Some((places[a]?, places[b]?))).peekable();
            both.peek().is_some() && both.all(|(a, b)| a < b)
        };
        let all = 0..events.len();
        let before = all.clone().map(|a| all.clone().map(|b| a != b && always(a, b)).collect()).collect();
        let actors = events.iter().map(|event| tidy.actor(without_number(event))).collect();
        Self { events: events.to_vec(), actors, before }
    }

    fn unordered(&self, a: usize, b: usize) -> bool {
        a != b && !self.before[a][b] && !self.before[b][a]
    }

    /// The transitive reduction: whether b comes after a with nothing that must come between.
    fn next(&self, a: usize, b: usize) -> bool {
        let between = |c: usize| self.before[a][c] && self.before[c][b];
        self.before[a][b] && !(0..self.events.len()).any(between)
    }

    /// The transitive reduction as chains, which together hold every pair of it.
    fn chains(&self) -> Vec<String> {
        let all = 0..self.events.len();
        let mut left: BTreeSet<(usize, usize)> = all
            .clone()
            .flat_map(|a| all.clone().map(move |b| (a, b)))
            .filter(|&(a, b)| self.next(a, b))
            .collect();
        let mut chains = Vec::new();
        while let Some(&(first, _)) = left.iter().min_by_key(|&&(a, b)| (self.height(a), a, b)) {
            let mut chain = vec![first];
            let mut last = first;
            while let Some(&(a, b)) = left.iter().find(|&&(a, _)| a == last) {
                left.remove(&(a, b));
                chain.push(b);
                last = b;
            }
            let chain: Vec<&str> = chain.into_iter().map(|event| self.events[event].as_str()).collect();
            chains.push(chain.join("  →  "));
        }
        chains
    }

    /// How many lines must come before this one.
    fn height(&self, event: usize) -> usize {
        self.before.iter().filter(|row| row[event]).count()
    }

    /// Groups of actors of which no line has a place among those of another; then groups of which some lines have.
    fn in_either_order(&self) -> Vec<String> {
        let mut actors: Vec<&str> = Vec::new();
        for actor in &self.actors {
            if !actors.contains(&actor.as_str()) {
                actors.push(actor);
            }
        }
        let unordered = |a: &str, b: &str| {
            let pairs = self.by(a).flat_map(|x| self.by(b).map(move |y| (x, y)));
            pairs.partition::<Vec<_>, _>(|&(x, y)| self.unordered(x, y))
        };
        let fully = |a: &str, b: &str| unordered(a, b).1.is_empty();
        let partly = |a: &str, b: &str| !unordered(a, b).0.is_empty() && !fully(a, b);
        let full = groups(&actors, fully).into_iter().map(|group| format!("all of {}", group.join(", ")));
        let part = groups(&actors, partly)
            .into_iter()
            .map(|group| format!("{}, where nothing above orders them", group.join(" and ")));
        full.chain(part).collect()
    }

    /// The events of an actor.
    fn by(&self, actor: &str) -> impl Iterator<Item = usize> {
        (0..self.events.len()).filter(move |&event| self.actors[event] == actor)
    }
}

fn without_number(label: &str) -> &str {
    label.split_once(" (time ").map_or(label, |(label, _)| label)
}

/// The lines that not every output has.
fn missing(events: &[&Label], labelled: &[Vec<Label>]) -> Vec<String> {
    let count = |event: &Label| labelled.iter().filter(|labels| labels.contains(event)).count();
    let all = labelled.len();
    let missing = events.iter().filter(|event| count(event) < all);
    missing.map(|event| format!("{event} (it is there in {} of {all} outputs)", count(event))).collect()
}

/// What the lines in which something varies can be.
fn values(outputs: &Outputs, labelled: &[Vec<Label>]) -> Vec<String> {
    let mut values: BTreeMap<&Label, BTreeSet<&String>> = BTreeMap::new();
    for (line, label) in outputs.iter().flatten().zip(labelled.iter().flatten()) {
        values.entry(label).or_default().insert(line);
    }
    let several = values.into_iter().filter(|(_, lines)| lines.len() > 1);
    several.map(|(label, lines)| format!("{label}: {}", listed(label, lines))).collect()
}

/// What stands in the lines where the label says "any", or the whole lines where it says so more than once.
fn listed(label: &str, lines: BTreeSet<&String>) -> String {
    let (before, after) = label.split_once('<').unwrap_or((label, ""));
    let after = after.split_once('>').map_or("", |(_, after)| after);
    let value = |line: &'_ String| line.strip_prefix(before)?.strip_suffix(after).map(str::to_owned);
    let mut values: Vec<String> =
        lines.into_iter().map(|line| value(line).unwrap_or_else(|| line.clone())).collect();
    // Numbers by their size: 999 before 1000.
    values.sort_by_key(|value| (value.len(), value.clone()));
    values.join(", ")
}
