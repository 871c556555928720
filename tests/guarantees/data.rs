//! What a lesson promises, read from the words in which [`promises`](crate::promises) says it.
//!
//! The words are short, so there is a rule for what follows from them. A chain `a  →  b  →  c` says that each of its
//! lines comes before every later one, wherever both are printed. And if a comes before b, and b before c, then a comes
//! before c *if b is never missing*: where it is missing, a and c may stand in the other order. Two lines that are never
//! both printed have no order.

use std::collections::{BTreeMap, BTreeSet};

/// What stands between two lines of which the first always comes before the second.
pub(crate) const ARROW: &str = "  →  ";

/// What stands between lines of which at most one is printed.
pub(crate) const OR: &str = "  or  ";

/// What stands between a line that may be missing and how often it is there.
pub(crate) const THERE_IN: &str = " (it is there in ";

/// What stands in a section in which there is nothing.
pub(crate) const NOTHING: &str = "nothing";

/// The titles of the sections.
pub(crate) const ALWAYS: &str = "always";
pub(crate) const NOTHING_BETWEEN: &str = "with nothing between";
pub(crate) const NEVER_BOTH: &str = "never both";
pub(crate) const IN_EITHER_ORDER: &str = "in either order";
pub(crate) const MAY_BE_MISSING: &str = "may be missing";
pub(crate) const MAY_VARY: &str = "may vary";

/// Two lines of a program.
pub type Pair = (String, String);

/// The promises of one scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guarantees {
    /// How many outputs are possible, and how they were found.
    pub found: String,
    /// All lines that are named.
    pub lines: BTreeSet<String>,
    /// Lines that not every run prints.
    pub may_be_missing: BTreeSet<String>,
    /// Lines of which no run prints both, each pair in both orders.
    pub never_both: BTreeSet<Pair>,
    /// Lines in which something differs from run to run, and what it can be.
    pub may_vary: BTreeMap<String, BTreeSet<String>>,
    /// Lines that nothing ever comes between, though another line could for all that is said of its order.
    pub nothing_between: BTreeSet<Pair>,
    /// The pairs that the chains state.
    stated: BTreeSet<Pair>,
}

impl Guarantees {
    /// Reads the text of a snapshot, with or without its head.
    #[must_use]
    pub fn read(snapshot: &str) -> Self {
        let mut guarantees = Self::default();
        let mut section = "";
        for line in body(snapshot).lines() {
            match line.strip_prefix("  ") {
                _ if line.is_empty() => {}
                None if guarantees.found.is_empty() => line.clone_into(&mut guarantees.found),
                None => section = line,
                Some(NOTHING) => {}
                Some(entry) => guarantees.enter(section, entry),
            }
        }
        guarantees
    }

    fn enter(&mut self, section: &str, entry: &str) {
        match section {
            ALWAYS => {
                let chain: Vec<String> = entry.split(ARROW).map(str::to_owned).collect();
                self.stated.extend(pairs(&chain));
                self.lines.extend(chain);
            }
            NOTHING_BETWEEN => {
                let pair = entry.split_once(ARROW);
                self.nothing_between.extend(pair.map(|(a, b)| (a.to_owned(), b.to_owned())));
            }
            NEVER_BOTH => {
                let lines: Vec<String> = entry.split(OR).map(str::to_owned).collect();
                self.never_both.extend(pairs(&lines).flat_map(|(a, b)| [(a.clone(), b.clone()), (b, a)]));
                self.lines.extend(lines);
            }
            MAY_BE_MISSING => {
                // In how many outputs it is there is no promise.
                let line = entry.rsplit_once(THERE_IN).map_or(entry, |(line, _)| line);
                self.may_be_missing.insert(line.to_owned());
                self.lines.insert(line.to_owned());
            }
            MAY_VARY => {
                let (line, values) = self.varying(entry);
                self.may_vary.insert(line.to_owned(), values.split(", ").map(str::to_owned).collect());
            }
            _ => {}
        }
    }

    /// A line that may vary, and its values. Both may hold a colon, but the line was named before.
    fn varying<'a>(&self, entry: &'a str) -> (&'a str, &'a str) {
        let colons =
            entry.match_indices(": ").map(|(place, colon)| (&entry[..place], &entry[place + colon.len()..]));
        let known = colons.filter(|(line, _)| self.lines.contains(*line)).max_by_key(|(line, _)| line.len());
        known.or_else(|| entry.rsplit_once(": ")).unwrap_or((entry, ""))
    }

    /// Whether every run prints this line.
    #[must_use]
    pub fn is_never_missing(&self, line: &str) -> bool {
        self.lines.contains(line) && !self.may_be_missing.contains(line)
    }

    /// All pairs of lines of which the first comes before the second wherever both are printed: those that the chains
    /// state, and those that follow.
    #[must_use]
    pub fn before(&self) -> BTreeSet<Pair> {
        let mut before = self.stated.clone();
        for between in self.lines.iter().filter(|line| self.is_never_missing(line)) {
            let earlier: Vec<String> = earlier_than(&before, between).collect();
            let later: Vec<String> = later_than(&before, between).collect();
            before.extend(earlier.iter().flat_map(|a| later.iter().map(|b| (a.clone(), b.clone()))));
        }
        before.retain(|pair| pair.0 != pair.1 && !self.never_both.contains(pair));
        before
    }

    /// All pairs of lines of which the second is the next line after the first wherever both are printed: those of
    /// which that is stated, and those with which it follows, because every other line comes before the first, after the
    /// second, or never with one of them.
    #[must_use]
    pub fn directly(&self) -> BTreeSet<Pair> {
        let before = self.before();
        let pair = |a: &String, b: &String| (a.clone(), b.clone());
        let apart = |a: &String, b: &String| self.never_both.contains(&pair(a, b));
        let elsewhere = |line: &String, (a, b): &Pair| {
            line == a
                || line == b
                || before.contains(&pair(line, a))
                || before.contains(&pair(b, line))
                || apart(line, a)
                || apart(line, b)
        };
        let follows = |pair: &&Pair| self.lines.iter().all(|line| elsewhere(line, pair));
        before.iter().filter(follows).chain(&self.nothing_between).cloned().collect()
    }
}

fn earlier_than(pairs: &BTreeSet<Pair>, line: &str) -> impl Iterator<Item = String> {
    pairs.iter().filter(move |(_, b)| b == line).map(|(a, _)| a.clone())
}

fn later_than(pairs: &BTreeSet<Pair>, line: &str) -> impl Iterator<Item = String> {
    pairs.iter().filter(move |(a, _)| a == line).map(|(_, b)| b.clone())
}

/// Each line with each later one.
fn pairs(lines: &[String]) -> impl Iterator<Item = Pair> {
    let later = |(place, a): (usize, &String)| {
        lines[place + 1..].iter().map(|b| (a.clone(), b.clone())).collect::<Vec<_>>()
    };
    lines.iter().enumerate().flat_map(later)
}

/// A snapshot without its head.
#[must_use]
pub fn body(snapshot: &str) -> &str {
    let after_head = snapshot.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    after_head.map_or(snapshot, |(_, body)| body)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEA: &str = "---\nsource: x\n---\n3 possible outputs; every schedule was run\n\nalways\n  boil  →  pour  →  drink\n  sing\n\n\
        never both\n  sugar  or  salt\n\nin either order\n  all of cook, guest\n\n\
        may be missing\n  pour (it is there in 2 of 3 outputs)\n  sugar (it is there in 1 of 3 outputs)\n  \
        salt (it is there in 1 of 3 outputs)\n\nmay vary\n  sing: loud, soft\n";

    fn before(words: &str) -> Vec<Pair> {
        Guarantees::read(words).before().into_iter().collect()
    }

    fn pair(a: &str, b: &str) -> Pair {
        (a.to_owned(), b.to_owned())
    }

    #[test]
    fn every_line_that_is_named_is_read_and_nothing_else() {
        let tea = Guarantees::read(TEA);
        assert_eq!(tea.found, "3 possible outputs; every schedule was run");
        assert_eq!(tea.lines.iter().collect::<Vec<_>>(), ["boil", "drink", "pour", "salt", "sing", "sugar"]);
        assert_eq!(tea.may_be_missing.iter().collect::<Vec<_>>(), ["pour", "salt", "sugar"]);
        assert_eq!(tea.never_both, BTreeSet::from([pair("salt", "sugar"), pair("sugar", "salt")]));
        assert_eq!(tea.may_vary["sing"].iter().collect::<Vec<_>>(), ["loud", "soft"]);
    }

    #[test]
    fn a_chain_states_every_pair_of_its_lines() {
        assert_eq!(before(TEA), [pair("boil", "drink"), pair("boil", "pour"), pair("pour", "drink")]);
    }

    #[test]
    fn chains_are_joined_by_a_line_that_is_never_missing_alone() {
        let joined = "found\n\nalways\n  a  →  b\n  b  →  c\n";
        assert_eq!(before(joined), [pair("a", "b"), pair("a", "c"), pair("b", "c")]);
        let apart = format!("{joined}\nmay be missing\n  b (it is there in 1 of 2 outputs)\n");
        assert_eq!(before(&apart), [pair("a", "b"), pair("b", "c")]);
    }

    #[test]
    fn two_lines_that_are_never_both_printed_have_no_order() {
        let words = "found\n\nalways\n  a  →  b\n  b  →  c\n\nnever both\n  a  or  c\n";
        assert_eq!(before(words), [pair("a", "b"), pair("b", "c")]);
    }

    #[test]
    fn that_nothing_comes_between_two_lines_is_stated_or_follows_from_where_all_others_are() {
        let words = "found\n\nalways\n  a  →  b  →  end\n  other\n\nwith nothing between\n  a  →  b\n";
        let directly = |words: &str| Guarantees::read(words).directly().into_iter().collect::<Vec<_>>();
        assert_eq!(directly(words), [pair("a", "b")]);
        let first = words.replace("  other\n", "  other  →  a\n");
        assert_eq!(directly(&first), [pair("a", "b"), pair("b", "end"), pair("other", "a")]);
        let never_both = format!("{words}\nnever both\n  other  or  end\n");
        assert_eq!(directly(&never_both), [pair("a", "b"), pair("b", "end")]);
    }

    #[test]
    fn a_line_with_a_colon_is_told_from_its_values() {
        let words = "found\n\nalways\n  main: n: <any n>\n\nmay vary\n  main: n: <any n>: a: 1, b: 2\n";
        let read = Guarantees::read(words);
        assert_eq!(read.may_vary["main: n: <any n>"].iter().collect::<Vec<_>>(), ["a: 1", "b: 2"]);
    }
}
