//! Formats guarantees as text for people. Tools read the data.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::guarantees::data::{Guarantees, Line, Presence};
use crate::trace::concurrency::{Relation, groups};

/// A heading, and the lines below it.
type Section = (&'static str, Vec<String>);

impl Guarantees {
    /// Returns the guarantees in words: how they were found, then the sections.
    #[must_use]
    pub fn words(&self) -> String {
        let sections: Vec<String> = self.sections().iter().map(written).collect();
        format!("{}\n\n{}", self.found, sections.join("\n"))
    }

    /// Returns how the guarantees were found, and those sections that have one of these headings; `None` if there is no
    /// such section.
    #[must_use]
    pub fn words_of(&self, headings: &[String]) -> Option<String> {
        let sections = self.sections();
        let section = |heading: &String| sections.iter().find(|(other, _)| heading == other).map(written);
        let chosen: Vec<String> = headings.iter().map(section).collect::<Option<_>>()?;
        Some(format!("{}\n\n{}", self.found, chosen.join("\n")))
    }

    fn sections(&self) -> Vec<Section> {
        let view = View::new(self);
        let sections = [
            ("always", view.always()),
            ("with nothing between", view.nothing_between()),
            ("never both", view.never_both()),
            ("in either order", view.in_either_order()),
            ("may be missing", self.may_be_missing()),
            ("may vary", self.may_vary()),
        ];
        // Each of these is only there if there is something to say.
        let optional = ["with nothing between", "never both", "may vary"];
        let mut sections: Vec<Section> = sections
            .into_iter()
            .filter(|(heading, lines)| !lines.is_empty() || !optional.contains(heading))
            .collect();
        if self.found.is_declared() {
            // Whether a line can be missing is not declared.
            sections.retain(|(heading, _)| *heading != "may be missing");
        }
        sections
    }

    fn may_be_missing(&self) -> Vec<String> {
        let all = self.found.outputs().unwrap_or_default();
        let missing = |line: &Line| match line.present_in {
            Presence::AllOutputs => None,
            Presence::Outputs(count) => Some(format!("{} (present in {count} of {all} outputs)", line.label)),
            Presence::SomeOutputs => Some(line.label.clone()),
        };
        self.lines.iter().filter_map(missing).collect()
    }

    fn may_vary(&self) -> Vec<String> {
        let mut varying: Vec<&Line> = self.lines.iter().filter(|line| !line.values.is_empty()).collect();
        varying.sort_by_key(|line| &line.label);
        varying.into_iter().map(|line| format!("{}: {}", line.label, line.values.join(", "))).collect()
    }
}

fn written((heading, lines): &Section) -> String {
    let mut text = format!("{heading}\n");
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
    if lines.is_empty() {
        text.push_str("  nothing\n");
    }
    text
}

/// The guarantees with their lines as indices.
struct View<'a> {
    guarantees: &'a Guarantees,
    /// All that comes before something else, stated or not.
    before: Relation,
    /// What must be stated.
    stated: BTreeSet<(usize, usize)>,
}

impl<'a> View<'a> {
    fn new(guarantees: &'a Guarantees) -> Self {
        let count = guarantees.lines.len();
        let index = |label: &str| {
            guarantees.lines.iter().position(|line| line.label == label).expect("the line is listed")
        };
        let mut before = vec![vec![false; count]; count];
        for (a, b) in &guarantees.all_before() {
            before[index(a)][index(b)] = true;
        }
        let stated = guarantees.before.iter().map(|(a, b)| (index(a), index(b))).collect();
        Self { guarantees, before, stated }
    }

    fn label(&self, line: usize) -> &'a str {
        &self.guarantees.lines[line].label
    }

    fn all(&self) -> std::ops::Range<usize> {
        0..self.guarantees.lines.len()
    }

    /// Returns chains that state the order; then the lines that are in none and never missing.
    fn always(&self) -> Vec<String> {
        let mut chains = self.chains();
        let alone = self.all().filter(|&line| {
            self.guarantees.lines[line].present_in.is_never_missing()
                && !chains.iter().flatten().any(|&other| other == line)
        });
        let alone: Vec<Vec<usize>> = alone.map(|line| vec![line]).collect();
        chains.extend(alone);
        let words = |chain: Vec<usize>| {
            chain.into_iter().map(|line| self.label(line)).collect::<Vec<_>>().join("  →  ")
        };
        chains.into_iter().map(words).collect()
    }

    /// Returns chains of lines. A chain states that each of its lines comes before every later one.
    fn chains(&self) -> Vec<Vec<usize>> {
        let mut unstated = self.stated.clone();
        let mut chains = Vec::new();
        while let Some(&(first, _)) = unstated.iter().min_by_key(|&&(a, b)| (self.height(a), a, b)) {
            let chain = self.chain(first, &unstated);
            unstated.retain(|(a, b)| !(chain.contains(a) && chain.contains(b)));
            chains.push(chain);
        }
        chains
    }

    fn chain(&self, first: usize, unstated: &BTreeSet<(usize, usize)>) -> Vec<usize> {
        let mut chain = vec![first];
        loop {
            let last = chain[chain.len() - 1];
            let after_all = |line: &usize| chain.iter().all(|&earlier| self.before[earlier][*line]);
            let next = unstated.iter().filter(|(a, _)| *a == last).map(|&(_, b)| b).filter(after_all);
            // The nearest, so that the same chain can go on to what is farther.
            let Some(next) = next.min_by_key(|&line| (self.height(line), line)) else { return chain };
            chain.push(next);
        }
    }

    /// Returns how many lines come before this one.
    fn height(&self, line: usize) -> usize {
        self.before.iter().filter(|row| row[line]).count()
    }

    fn nothing_between(&self) -> Vec<String> {
        let all_pairs = self.all().flat_map(|a| self.all().map(move |b| (self.label(a), self.label(b))));
        let stated = |(a, b): &(&str, &str)| {
            self.guarantees.nothing_between.contains(&((*a).to_owned(), (*b).to_owned()))
        };
        all_pairs.filter(stated).map(|(a, b)| format!("{a}  →  {b}")).collect()
    }

    /// Returns groups of lines of which at most one is printed.
    fn never_both(&self) -> Vec<String> {
        let labels: Vec<&str> = self.all().map(|line| self.label(line)).collect();
        let groups = groups(&labels, |a, b| self.guarantees.are_never_both(a, b));
        groups.into_iter().map(|group| group.join("  or  ")).collect()
    }

    /// Returns groups of actors whose lines have no order with each other; then groups of which only some have none.
    fn in_either_order(&self) -> Vec<String> {
        let mut actors: Vec<&str> = Vec::new();
        for line in &self.guarantees.lines {
            if !actors.contains(&line.actor.as_str()) {
                actors.push(&line.actor);
            }
        }
        let either = |a: &str, b: &str| {
            let pairs = self.by(a).flat_map(|x| self.by(b).map(move |y| (x, y)));
            let either: Vec<bool> = pairs.map(|(x, y)| self.either_order(x, y)).collect();
            (either.contains(&true), either.contains(&false))
        };
        let fully = groups(&actors, |a, b| either(a, b) == (true, false));
        let partly = groups(&actors, |a, b| either(a, b) == (true, true));
        let fully = fully.into_iter().map(|group| format!("all of {}", group.join(", ")));
        let partly = partly.into_iter().map(|group| format!("{}, unless ordered above", group.join(" and ")));
        fully.chain(partly).collect()
    }

    fn by(&self, actor: &str) -> impl Iterator<Item = usize> {
        self.all().filter(move |&line| self.guarantees.lines[line].actor == actor)
    }

    fn either_order(&self, a: usize, b: usize) -> bool {
        a != b
            && !self.guarantees.are_never_both(self.label(a), self.label(b))
            && !self.before[a][b]
            && !self.before[b][a]
    }
}
