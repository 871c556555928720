//! What partial orders have in common, collected one by one.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use crate::guarantees::data::{Evidence, Guarantees, Line, Presence};
use crate::guarantees::labels::Labels;
use crate::guarantees::partial_order::PartialOrder;
use crate::guarantees::relations::Relations;
use crate::trace::concurrency::Relation;
use crate::trace::spec::TraceSpec;

/// What all partial orders that were added have in common. The orders themselves are not kept.
///
/// An order holds in all outputs if it holds in all partial orders, since each of these allows at least one output in
/// which two lines without an order come this way round, and one in which they come the other way round.
#[derive(Debug)]
pub struct Facts {
    labels: Labels,
    /// How many orders were added.
    orders: usize,
    /// Whether each order that is added is one output, so that to count orders is to count outputs.
    counts_outputs: bool,
    lines: Vec<LineFacts>,
    /// The index in `lines`, by the label and the number of lines with the same label that come before.
    index: HashMap<(usize, usize), usize>,
    pairs: Vec<Vec<PairFacts>>,
}

/// What is known of a line.
#[derive(Debug)]
struct LineFacts {
    /// The index of its label.
    label: usize,
    /// How many lines with the same label come before it.
    earlier: usize,
    /// What it can be.
    texts: BTreeSet<String>,
    /// How many orders have it.
    orders: usize,
    /// The first output that has it, in alphabetical order.
    first: Vec<String>,
}

/// What is known of two lines.
#[derive(Debug, Clone, Copy)]
struct PairFacts {
    /// An order has both.
    together: bool,
    /// The first comes before the second in all orders that have both.
    before: bool,
    /// The second comes right after the first in all orders that have both.
    adjacent: bool,
}

/// A line in one order.
struct Printed<'a> {
    order: &'a PartialOrder,
    /// The index of the text that it belongs to.
    text: usize,
    /// Its index in that text.
    index: usize,
    is_last: bool,
    line: &'a str,
    label: usize,
}

impl Facts {
    /// Creates the facts of no order. `spec` says which actor prints a line, and what varies in it.
    #[must_use]
    pub fn new(spec: &TraceSpec) -> Self {
        Self {
            labels: Labels::new(spec.clone()),
            orders: 0,
            counts_outputs: false,
            lines: Vec::new(),
            index: HashMap::new(),
            pairs: Vec::new(),
        }
    }

    /// Returns the facts of some outputs.
    pub(super) fn of_outputs<'a>(
        outputs: impl IntoIterator<Item = &'a Vec<String>>,
        spec: &TraceSpec,
    ) -> Self {
        let mut facts = Self { counts_outputs: true, ..Self::new(spec) };
        outputs.into_iter().for_each(|lines| facts.add(&PartialOrder::of_output(lines)));
        facts
    }

    /// Adds a partial order.
    ///
    /// # Panics
    /// Panics if two lines of the order have the same label and no order: it is unknown which of them is the first.
    pub fn add(&mut self, order: &PartialOrder) {
        let printed = self.read(order);
        let indices: Vec<usize> = printed.iter().map(|line| self.index_of(line, &printed)).collect();
        for (a, &index) in printed.iter().zip(&indices) {
            for (b, &other) in printed.iter().zip(&indices).filter(|(_, other)| **other != index) {
                let pair = &mut self.pairs[index][other];
                pair.together = true;
                pair.before = pair.before && a.is_before(b);
                pair.adjacent = pair.adjacent && a.is_right_before(b);
            }
        }
        let first = order.first_output();
        for (line, index) in printed.iter().zip(indices) {
            self.lines[index].add(line.line, &first);
        }
        self.orders += 1;
    }

    /// Returns the lines of an order.
    fn read<'a>(&mut self, order: &'a PartialOrder) -> Vec<Printed<'a>> {
        let mut printed = Vec::with_capacity(order.texts().len());
        for (text, whole) in order.texts().iter().enumerate() {
            let mut lines = whole.split('\n').enumerate().peekable();
            while let Some((index, line)) = lines.next() {
                let (is_last, label) = (lines.peek().is_none(), self.labels.of(line));
                printed.push(Printed { order, text, index, is_last, line, label });
            }
        }
        printed
    }

    /// Returns the index of a line among all that are known.
    fn index_of(&mut self, line: &Printed, all: &[Printed]) -> usize {
        let is_earlier = |other: &&Printed| {
            let is_earlier = other.is_before(line);
            assert!(
                is_earlier || line.is_before(other) || line.is_same(other),
                "two lines of the same run are called {:?} and can be printed in either order: declare what tells them \
                 apart as part of the line, or explore a smaller program",
                self.labels.numbered(line.label, 0)
            );
            is_earlier
        };
        let earlier = all.iter().filter(|other| other.label == line.label).filter(is_earlier).count();
        *self.index.entry((line.label, earlier)).or_insert_with(|| {
            self.lines.push(LineFacts::new(line.label, earlier));
            self.pairs.iter_mut().for_each(|row| row.push(PairFacts::UNKNOWN));
            self.pairs.push(vec![PairFacts::UNKNOWN; self.lines.len()]);
            self.lines.len() - 1
        })
    }

    /// Returns the guarantees. A line that some orders do not have may be missing; in how many outputs it is, is unknown.
    ///
    /// # Panics
    /// Panics if the specification declares no actor for a line.
    #[must_use]
    pub fn guarantees(&self, found: Evidence) -> Guarantees {
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        order.sort_by_cached_key(|&line| self.first_appearance(&self.lines[line]));
        let relation = |holds: &dyn Fn(PairFacts) -> bool| -> Relation {
            let row = |&a: &usize| order.iter().map(|&b| a != b && holds(self.pairs[a][b])).collect();
            order.iter().map(row).collect()
        };
        let relations = Relations {
            before: relation(&|pair| pair.together && pair.before),
            neighbours: relation(&|pair| pair.together && pair.adjacent),
            together: relation(&|pair| pair.together),
            never_missing: order.iter().map(|&line| self.lines[line].orders == self.orders).collect(),
        };
        relations.guarantees(found, order.iter().map(|&line| self.line(&self.lines[line])).collect())
    }

    /// Returns the first output that has a line, and the line's index in it.
    fn first_appearance<'a>(&self, line: &'a LineFacts) -> (&'a [String], usize) {
        let label = self.labels.numbered(line.label, 0);
        let mut equal =
            (0..line.first.len()).filter(|&index| self.labels.spec().label(&line.first[index]) == label);
        (&line.first, equal.nth(line.earlier).expect("the output has the line"))
    }

    fn line(&self, facts: &LineFacts) -> Line {
        let label = self.labels.numbered(facts.label, facts.earlier);
        let actors: BTreeSet<String> =
            facts.texts.iter().map(|text| self.labels.spec().actor(text)).collect();
        let present_in = match self.counts_outputs {
            _ if facts.orders == self.orders => Presence::AllOutputs,
            true => Presence::Outputs(facts.orders),
            false => Presence::SomeOutputs,
        };
        let values = if facts.texts.len() > 1 { values(&label, &facts.texts) } else { Vec::new() };
        Line { label, actor: actors.into_iter().collect::<Vec<_>>().join(" or "), present_in, values }
    }
}

impl LineFacts {
    fn new(label: usize, earlier: usize) -> Self {
        Self { label, earlier, texts: BTreeSet::new(), orders: 0, first: Vec::new() }
    }

    /// Adds an order that has this line, as this text. `output` is the first output of the order.
    fn add(&mut self, text: &str, output: &[&str]) {
        if !self.texts.contains(text) {
            self.texts.insert(text.to_owned());
        }
        if self.orders == 0
            || output.iter().copied().cmp(self.first.iter().map(String::as_str)) == Ordering::Less
        {
            self.first = output.iter().map(|&line| line.to_owned()).collect();
        }
        self.orders += 1;
    }
}

impl PairFacts {
    const UNKNOWN: Self = Self { together: false, before: true, adjacent: true };
}

impl Printed<'_> {
    fn is_same(&self, other: &Self) -> bool {
        (self.text, self.index) == (other.text, other.index)
    }

    fn is_before(&self, other: &Self) -> bool {
        if self.text == other.text {
            self.index < other.index
        } else {
            self.order.is_before(self.text, other.text)
        }
    }

    fn is_right_before(&self, other: &Self) -> bool {
        if self.text == other.text {
            self.index + 1 == other.index
        } else {
            self.is_last && other.index == 0 && self.order.is_right_before(self.text, other.text)
        }
    }
}

/// Returns what the texts of a line have instead of `<any …>`; the whole texts if its label has that twice.
fn values(label: &str, texts: &BTreeSet<String>) -> Vec<String> {
    let (before, after) = label.split_once('<').unwrap_or((label, ""));
    let after = after.split_once('>').map_or("", |(_, after)| after);
    let value = |text: &String| text.strip_prefix(before)?.strip_suffix(after).map(str::to_owned);
    let mut values: Vec<String> =
        texts.iter().map(|text| value(text).unwrap_or_else(|| text.clone())).collect();
    // Numbers by size: 999 before 1000.
    values.sort_by_key(|value| (value.len(), value.clone()));
    values
}
