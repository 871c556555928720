//! Says in words what holds in every one of a set of outputs: what a lesson promises. What follows from the words, and
//! so need not be said, is told by [`guarantees`](crate::guarantees), which reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::data::{
    ALWAYS, ARROW, Guarantees, IN_EITHER_ORDER, MAY_BE_MISSING, MAY_VARY, NEVER_BOTH, NOTHING,
    NOTHING_BETWEEN, OR, Pair, THERE_IN,
};
use crate::trace::concurrency::{groups, happens_before};
use crate::trace::spec::TraceSpec;

#[cfg(test)]
mod tests;

/// The outputs that a program can have, or has had: each a list of lines.
pub type Outputs = BTreeSet<Vec<String>>;

/// What every one of `outputs` has in common, and what not. `how` tells how they were found. Of `spec` it takes who
/// prints a line, and what may vary in it ([`TraceSpec::any`]).
///
/// # Panics
/// When `spec` does not say who prints a line, or a line is such that the words would be read as something else.
#[must_use]
pub fn guarantees(outputs: &Outputs, how: &str, spec: &TraceSpec) -> String {
    let printed: Vec<Vec<Printed>> = outputs.iter().map(|lines| read(lines, spec)).collect();
    let facts = Facts::of(&printed);
    let count = outputs.len();
    let found = format!("{count} possible output{}; {how}", if count == 1 { "" } else { "s" });
    let values = values(&printed);
    let mut words = facts.words(&found);
    section(&mut words, MAY_BE_MISSING, &facts.may_be_missing());
    if !values.is_empty() {
        section(&mut words, MAY_VARY, &values);
    }
    facts.assert_round_trips(&words);
    words
}

/// What is declared of one output, where the possible ones cannot be found: the order that `spec` keeps. `how` tells how
/// it was checked.
///
/// # Panics
/// As [`guarantees`].
#[must_use]
pub(crate) fn declared(output: &str, how: &str, spec: &TraceSpec) -> String {
    let kept = spec.kept_order(output);
    let printed = kept.iter().map(|line| (line.text.clone(), line.actor.clone(), line.text.clone()));
    let facts = Facts {
        lines: numbered(printed).into_iter().map(Line::from).collect(),
        before: happens_before(kept.len(), |a, b| kept[a].depends_on(&kept[b])),
        // One output does not tell what may come between two lines.
        directly: vec![vec![false; kept.len()]; kept.len()],
        together: vec![vec![true; kept.len()]; kept.len()],
        there_in: vec![1; kept.len()],
        outputs: 1,
    };
    let facts = Facts { directly: table(kept.len(), |a, b| facts.must_be_neighbours(a, b)), ..facts };
    let words = facts.words(how);
    facts.assert_round_trips(&words);
    words
}

fn section(words: &mut String, title: &str, entries: &[String]) {
    let _ = writeln!(words, "\n{title}");
    for entry in entries {
        let _ = writeln!(words, "  {entry}");
    }
    if entries.is_empty() {
        let _ = writeln!(words, "  {NOTHING}");
    }
}

/// A line as one output has it.
struct Printed {
    /// By which it is known in the others, whatever varies in it.
    label: String,
    actor: String,
    text: String,
}

/// A line of the program: the same one in all outputs.
#[derive(Clone)]
struct Line {
    label: String,
    /// Who prints it: one or more, where what varies in it is who.
    actor: String,
}

impl From<Printed> for Line {
    fn from(Printed { label, actor, .. }: Printed) -> Self {
        Self { label, actor }
    }
}

/// The lines of one output.
fn read(lines: &[String], spec: &TraceSpec) -> Vec<Printed> {
    numbered(lines.iter().map(|line| (spec.redacted(line), spec.actor(line), line.clone())))
}

/// Lines, each without what varies, with its actor, and as a whole. The second of two equal ones is told apart.
fn numbered(lines: impl Iterator<Item = (String, String, String)>) -> Vec<Printed> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let number = |(redacted, actor, text): (String, String, String)| {
        let times = seen.entry(redacted.clone()).or_default();
        *times += 1;
        let label = if *times == 1 { redacted } else { format!("{redacted} (time {times})") };
        Printed { label, actor, text }
    };
    lines.map(number).collect()
}

/// All lines that there are, by their first appearance.
fn lines_of(printed: &[Vec<Printed>]) -> Vec<Line> {
    let mut labels: Vec<&str> = Vec::new();
    let mut actors: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in printed.iter().flatten() {
        if !labels.contains(&line.label.as_str()) {
            labels.push(&line.label);
        }
        actors.entry(&line.label).or_default().insert(&line.actor);
    }
    let actor = |label: &str| actors[label].iter().copied().collect::<Vec<_>>().join(" or ");
    labels.into_iter().map(|label| Line { label: label.to_owned(), actor: actor(label) }).collect()
}

/// What the outputs say of each line, and of each two.
struct Facts {
    lines: Vec<Line>,
    /// `before[a][b]`: there are outputs with both, and a comes before b in all of these. Where lines may be missing,
    /// this is not transitive: see [`Guarantees`].
    before: Vec<Vec<bool>>,
    /// `directly[a][b]`: there are outputs with both, and b is the next line after a in all of these.
    directly: Vec<Vec<bool>>,
    /// `together[a][b]`: there are outputs with both.
    together: Vec<Vec<bool>>,
    /// In how many outputs each line is.
    there_in: Vec<usize>,
    outputs: usize,
}

impl Facts {
    fn of(printed: &[Vec<Printed>]) -> Self {
        let lines = lines_of(printed);
        let place =
            |output: &Vec<Printed>, line: &Line| output.iter().position(|other| other.label == line.label);
        let places: Vec<Vec<Option<usize>>> =
            printed.iter().map(|output| lines.iter().map(|line| place(output, line)).collect()).collect();
        let both =
            |a: usize, b: usize| places.iter().filter_map(move |places| Some((places[a]?, places[b]?)));
        let together = table(lines.len(), |a, b| both(a, b).next().is_some());
        let before = table(lines.len(), |a, b| together[a][b] && both(a, b).all(|(a, b)| a < b));
        let directly = table(lines.len(), |a, b| together[a][b] && both(a, b).all(|(a, b)| a + 1 == b));
        let there = |line: usize| places.iter().filter(|places| places[line].is_some()).count();
        let there_in = (0..lines.len()).map(there).collect();
        Self { before, directly, together, there_in, outputs: printed.len(), lines }
    }

    /// What `found` says, and what the lines say of each other.
    fn words(&self, found: &str) -> String {
        let mut words = format!("{found}\n");
        section(&mut words, ALWAYS, &self.always());
        let nothing_between = self.nothing_between();
        if !nothing_between.is_empty() {
            section(&mut words, NOTHING_BETWEEN, &nothing_between);
        }
        let never_both = self.never_both();
        if !never_both.is_empty() {
            section(&mut words, NEVER_BOTH, &never_both);
        }
        section(&mut words, IN_EITHER_ORDER, &self.in_either_order());
        words
    }

    fn all(&self) -> impl Iterator<Item = usize> + Clone + use<> {
        0..self.lines.len()
    }

    fn label(&self, line: usize) -> &str {
        &self.lines[line].label
    }

    fn is_never_missing(&self, line: usize) -> bool {
        self.there_in[line] == self.outputs
    }

    /// Whether b comes after a, and that does not follow by way of a line that is never missing.
    fn must_be_said(&self, a: usize, b: usize) -> bool {
        let between = |c: usize| self.is_never_missing(c) && self.before[a][c] && self.before[c][b];
        self.before[a][b] && !self.all().any(between)
    }

    /// Chains that state every pair that must be said; then the lines that are in none, and never missing.
    fn always(&self) -> Vec<String> {
        let chains = self.chains();
        let alone = |line: &usize| {
            self.is_never_missing(*line) && !chains.iter().flatten().any(|other| other == line)
        };
        let alone: Vec<Vec<usize>> = self.all().filter(alone).map(|line| vec![line]).collect();
        let words = |chain: &Vec<usize>| {
            let labels: Vec<&str> = chain.iter().map(|&line| self.label(line)).collect();
            labels.join(ARROW)
        };
        chains.iter().chain(&alone).map(words).collect()
    }

    fn chains(&self) -> Vec<Vec<usize>> {
        let all_pairs = self.all().flat_map(|a| self.all().map(move |b| (a, b)));
        let mut unsaid: BTreeSet<(usize, usize)> =
            all_pairs.filter(|&(a, b)| self.must_be_said(a, b)).collect();
        let mut chains = Vec::new();
        while let Some(&(first, _)) = unsaid.iter().min_by_key(|&&(a, b)| (self.height(a), a, b)) {
            let chain = self.chain(first, &unsaid);
            unsaid.retain(|(a, b)| !(chain.contains(a) && chain.contains(b)));
            chains.push(chain);
        }
        chains
    }

    /// From `first` on, as far as there is something that has not been said. A chain states every pair of its lines, so
    /// the next one must come after all that are in it.
    fn chain(&self, first: usize, unsaid: &BTreeSet<(usize, usize)>) -> Vec<usize> {
        let mut chain = vec![first];
        loop {
            let last = chain[chain.len() - 1];
            let after_all = |line: &usize| chain.iter().all(|&earlier| self.before[earlier][*line]);
            let next = unsaid.iter().filter(|(a, _)| *a == last).map(|&(_, b)| b).filter(after_all);
            // The nearest, so that what lies farther can be told in the same chain.
            let Some(next) = next.min_by_key(|&line| (self.height(line), line)) else { return chain };
            chain.push(next);
        }
    }

    /// How many lines must come before this one.
    fn height(&self, line: usize) -> usize {
        self.before.iter().filter(|row| row[line]).count()
    }

    /// Whether nothing can come between the two, since every other line has its place before or after them, or is never
    /// printed with one of them.
    fn must_be_neighbours(&self, a: usize, b: usize) -> bool {
        let elsewhere = |c: usize| {
            let apart = !self.together[c][a] || !self.together[c][b];
            c == a || c == b || self.before[c][a] || self.before[b][c] || apart
        };
        self.before[a][b] && self.all().all(elsewhere)
    }

    /// The pairs of lines that nothing ever comes between, though another line could for all that is said of its order:
    /// what a lock keeps together.
    fn nothing_between(&self) -> Vec<String> {
        let all_pairs = self.all().flat_map(|a| self.all().map(move |b| (a, b)));
        let together = all_pairs.filter(|&(a, b)| self.directly[a][b] && !self.must_be_neighbours(a, b));
        together.map(|(a, b)| format!("{}{ARROW}{}", self.label(a), self.label(b))).collect()
    }

    /// Groups of lines of which at most one is printed.
    fn never_both(&self) -> Vec<String> {
        let labels: Vec<&str> = self.all().map(|line| self.label(line)).collect();
        let never: BTreeSet<(&str, &str)> = self
            .all()
            .flat_map(|a| self.all().map(move |b| (a, b)))
            .filter(|&(a, b)| a != b && !self.together[a][b])
            .map(|(a, b)| (labels[a], labels[b]))
            .collect();
        let groups = groups(&labels, |a, b| never.contains(&(a, b)));
        groups.into_iter().map(|group| group.join(OR)).collect()
    }

    /// Whether both orders of these lines are possible.
    fn either_order(&self, a: usize, b: usize) -> bool {
        a != b && self.together[a][b] && !self.before[a][b] && !self.before[b][a]
    }

    /// Groups of actors of which no line has a place among those of another; then groups of which some lines have.
    fn in_either_order(&self) -> Vec<String> {
        let mut actors: Vec<&str> = Vec::new();
        for Line { actor, .. } in &self.lines {
            if !actors.contains(&actor.as_str()) {
                actors.push(actor);
            }
        }
        let pairs = |a: &str, b: &str| {
            let pairs = self.by(a).flat_map(|x| self.by(b).map(move |y| (x, y)));
            pairs.partition::<Vec<_>, _>(|&(x, y)| self.either_order(x, y))
        };
        let fully = |a: &str, b: &str| pairs(a, b).1.is_empty();
        let partly = |a: &str, b: &str| !pairs(a, b).0.is_empty() && !fully(a, b);
        let full = groups(&actors, fully).into_iter().map(|group| format!("all of {}", group.join(", ")));
        let part = groups(&actors, partly)
            .into_iter()
            .map(|group| format!("{}, where nothing above says more", group.join(" and ")));
        full.chain(part).collect()
    }

    /// The lines of an actor.
    fn by(&self, actor: &str) -> impl Iterator<Item = usize> {
        self.all().filter(move |&line| self.lines[line].actor == actor)
    }

    fn may_be_missing(&self) -> Vec<String> {
        let missing = self.all().filter(|&line| !self.is_never_missing(line));
        let words = |line| {
            format!("{}{THERE_IN}{} of {} outputs)", self.label(line), self.there_in[line], self.outputs)
        };
        missing.map(words).collect()
    }

    /// Holds that whoever reads the words knows each line, which come before which, and between which nothing comes.
    fn assert_round_trips(&self, words: &str) {
        let told = Guarantees::read(words);
        let lines: BTreeSet<String> = self.lines.iter().map(|line| line.label.clone()).collect();
        let pair = |(a, b): (usize, usize)| (self.label(a).to_owned(), self.label(b).to_owned());
        let pairs_of = |table: &[Vec<bool>]| -> BTreeSet<Pair> {
            let all_pairs = self.all().flat_map(|a| self.all().map(move |b| (a, b)));
            all_pairs.filter(|&(a, b)| table[a][b]).map(pair).collect()
        };
        assert!(
            told.lines == lines
                && told.before() == pairs_of(&self.before)
                && told.directly() == pairs_of(&self.directly),
            "these lines cannot be told in words:\n{words}"
        );
    }
}

/// What `holds` of each two.
fn table(count: usize, holds: impl Fn(usize, usize) -> bool) -> Vec<Vec<bool>> {
    (0..count).map(|a| (0..count).map(|b| a != b && holds(a, b)).collect()).collect()
}

/// What the lines in which something varies can be.
fn values(printed: &[Vec<Printed>]) -> Vec<String> {
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in printed.iter().flatten() {
        values.entry(&line.label).or_default().insert(&line.text);
    }
    let several = values.into_iter().filter(|(_, lines)| lines.len() > 1);
    several.map(|(label, lines)| format!("{label}: {}", listed(label, &lines))).collect()
}

/// What stands in the lines where the label says "any", or the whole lines where it says so more than once.
fn listed(label: &str, lines: &BTreeSet<&str>) -> String {
    let (before, after) = label.split_once('<').unwrap_or((label, ""));
    let after = after.split_once('>').map_or("", |(_, after)| after);
    let value = |line: &&str| line.strip_prefix(before)?.strip_suffix(after).map(str::to_owned);
    let mut values: Vec<String> =
        lines.iter().map(|line| value(line).unwrap_or_else(|| (*line).to_owned())).collect();
    // Numbers by their size: 999 before 1000.
    values.sort_by_key(|value| (value.len(), value.clone()));
    values.join(", ")
}
