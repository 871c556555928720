//! What one run prints, and which of it has a fixed order.

use std::collections::{BTreeSet, HashMap};

/// The texts that one run prints, and which of them come before which. The others can be printed in either order.
///
/// Every order that keeps this one is an output: a *linear extension*.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialOrder {
    texts: Vec<String>,
    /// For each text, the set of those that come before it: bit 0 is the first text.
    before: Vec<u128>,
    ended: bool,
}

/// How many texts a run can print: a set of them is a [`u128`].
const MAX_TEXTS: usize = 128;

/// A set of texts is counted once, however it was reached. With more sets than this, counting takes too long.
const MAX_DOWN_SETS: usize = 1 << 20;

impl PartialOrder {
    /// Creates the order of these texts, each with the set of those that come before it: bit 0 is the first text. What
    /// follows from that set need not be in it. A text is one line, or several that nothing is printed between.
    ///
    /// Two orders are equal if their texts are in the same sequence: that of the actors, and for each actor its own.
    ///
    /// `ended` is false if the run does not end, because its actors wait forever.
    ///
    /// # Panics
    /// Panics if there are more than 128 texts, or if a text comes before itself.
    #[must_use]
    pub fn new(texts: impl IntoIterator<Item = (String, u128)>, ended: bool) -> Self {
        let (texts, mut before): (Vec<String>, Vec<u128>) = texts.into_iter().unzip();
        let count = texts.len();
        assert!(
            count <= MAX_TEXTS,
            "a run prints {count} lines, and at most {MAX_TEXTS} are supported: explore a smaller program"
        );
        for between in 0..count {
            let earlier = before[between];
            for set in before.iter_mut().filter(|set| contains(**set, between)) {
                *set |= earlier;
            }
        }
        for (text, set) in before.iter().enumerate() {
            assert!(!contains(*set, text), "{:?} comes before itself", texts[text]);
        }
        Self { texts, before, ended }
    }

    /// Creates the order of one output: its lines come one after the other.
    ///
    /// # Panics
    /// Panics if there are more than 128 lines.
    #[must_use]
    pub fn of_output(lines: &[String]) -> Self {
        let mut earlier = 0;
        let after_all = |line: &String| {
            let before = earlier;
            earlier = earlier << 1 | 1;
            (line.clone(), before)
        };
        Self::new(lines.iter().map(after_all), true)
    }

    /// Returns the texts.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Returns whether the run ends; otherwise its actors wait forever.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Returns whether text `a` comes before text `b` in every linear extension.
    #[must_use]
    pub fn is_before(&self, a: usize, b: usize) -> bool {
        contains(self.before[b], a)
    }

    /// Returns whether text `b` comes right after text `a` in every linear extension: every other text comes before `a`
    /// or after `b`.
    #[must_use]
    pub fn is_right_before(&self, a: usize, b: usize) -> bool {
        let elsewhere = |c: usize| c == a || c == b || self.is_before(c, a) || self.is_before(b, c);
        self.is_before(a, b) && (0..self.texts.len()).all(elsewhere)
    }

    /// Returns the number of linear extensions; `None` if they are too many to count. If all texts are different, it is
    /// the number of outputs.
    #[must_use]
    pub fn linear_extensions(&self) -> Option<u128> {
        // In how many orders each set of texts can be printed, for all sets of the same size.
        let mut ways = HashMap::from([(0_u128, 1_u128)]);
        let mut counted = 0;
        for _ in &self.texts {
            let mut next: HashMap<u128, u128> = HashMap::new();
            for (printed, ways) in ways {
                for text in self.ready(printed) {
                    let sum = next.entry(printed | 1 << text).or_insert(0);
                    *sum = sum.checked_add(ways)?;
                }
            }
            counted += next.len();
            if counted > MAX_DOWN_SETS {
                return None;
            }
            ways = next;
        }
        ways.into_values().next()
    }

    /// Returns whether an output with these labels is possible. `label` returns the label of a line.
    #[must_use]
    pub fn allows<T: PartialEq>(&self, labels: &[T], mut label: impl FnMut(&str) -> T) -> bool {
        let mut positions = BTreeSet::from([Position::START]);
        for wanted in labels {
            let next = positions.iter().flat_map(|&position| self.after(position));
            positions = next.filter(|(line, _)| label(line) == *wanted).map(|(_, next)| next).collect();
        }
        positions.iter().any(|&position| self.is_end(position))
    }

    /// Returns the lines of the first output in alphabetical order.
    pub(super) fn first_output(&self) -> Vec<&str> {
        let mut lines = Vec::with_capacity(self.texts.len());
        let mut positions = vec![Position::START];
        loop {
            let mut next: Vec<_> = positions.iter().flat_map(|&position| self.after(position)).collect();
            next.sort_unstable();
            next.dedup();
            let Some(&(line, _)) = next.first() else { return lines };
            lines.push(line);
            // Several, if two texts begin with this line.
            positions = next.iter().take_while(|(other, _)| *other == line).map(|&(_, next)| next).collect();
        }
    }

    /// Returns the lines that can come next, and where an output has got to with each.
    pub(super) fn after(&self, position: Position) -> impl Iterator<Item = (&str, Position)> {
        let Position { begun, unfinished } = position;
        let rest = unfinished.map(|(text, line)| self.print(begun, text, line));
        let begins = self.ready(begun).filter(move |_| unfinished.is_none());
        rest.into_iter().chain(begins.map(move |text| self.print(begun | 1 << text, text, 0)))
    }

    /// Returns whether an output that has got there is complete.
    pub(super) fn is_end(&self, position: Position) -> bool {
        position.unfinished.is_none() && position.begun.count_ones() as usize == self.texts.len()
    }

    /// Returns a line of a text, and the position after it.
    fn print(&self, begun: u128, text: usize, line: usize) -> (&str, Position) {
        let mut lines = self.texts[text].split('\n').skip(line);
        let printed = lines.next().expect("the text has this line");
        (printed, Position { begun, unfinished: lines.next().map(|_| (text, line + 1)) })
    }

    /// Returns the texts that can be printed once the texts of a set were.
    fn ready(&self, printed: u128) -> impl Iterator<Item = usize> {
        let is_ready = move |&text: &usize| !contains(printed, text) && self.before[text] & !printed == 0;
        (0..self.texts.len()).filter(is_ready)
    }
}

/// Where an output has got to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    /// The texts that are printed, the last one perhaps in part.
    begun: u128,
    /// The text that is printed in part, and its next line.
    unfinished: Option<(usize, usize)>,
}

impl Position {
    pub(super) const START: Self = Self { begun: 0, unfinished: None };
}

fn contains(set: u128, text: usize) -> bool {
    set >> text & 1 == 1
}
