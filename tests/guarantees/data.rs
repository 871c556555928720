//! The guarantees of one scenario.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::guarantees::outputs::MAX_OUTPUTS;

/// Two lines of a program.
pub type Pair = (String, String);

/// What every possible output of a scenario has in common.
///
/// The order is stored without what follows from it. The rule is: if a comes before b, and b before c, then a comes
/// before c *if b is never missing*. Where b is missing, a and c can be in the other order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guarantees {
    /// How many outputs are possible, and how they were found.
    pub found: Evidence,
    /// All lines of the program, by first appearance.
    pub lines: Vec<Line>,
    /// The first line comes before the second, wherever both are printed.
    pub before: BTreeSet<Pair>,
    /// The second line comes right after the first, wherever both are printed, and this does not follow from `before`:
    /// what a lock keeps together.
    pub nothing_between: BTreeSet<Pair>,
    /// At most one of the two lines is printed. The one that comes first in `lines` is the first.
    pub never_both: BTreeSet<Pair>,
}

/// How the possible outputs were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Every schedule was run, or one that differs from it only in the order of steps that do not depend on each other.
    EverySchedule {
        /// How many different outputs there are; `None` if they are too many to list.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outputs: Option<usize>,
        /// How the explored program is smaller than the lesson, if it is: `3 items per producer instead of 5`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        smaller: Option<String>,
    },
    /// Random schedules were run until no new output appeared.
    RandomSchedules {
        /// How many different outputs were found; `None` if they are too many to list.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outputs: Option<usize>,
    },
    /// A declaration was checked in real runs.
    Observed {
        /// How many runs.
        runs: usize,
    },
}

/// A line of a program: the same one in all outputs, whatever varies in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The text, without what varies; with `(time 2)` if it is the second with this text.
    pub label: String,
    /// The actor that prints it; `a or b` if that varies.
    pub actor: String,
    /// Which outputs have it.
    #[serde(default, skip_serializing_if = "Presence::is_never_missing")]
    pub present_in: Presence,
    /// What it can be, if something in it varies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// Which outputs have a line. Stored as a number, or null if that is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Presence {
    /// All of them: it is never missing.
    #[default]
    #[serde(skip)]
    AllOutputs,
    /// This many, which is not all.
    Outputs(usize),
    /// Not all of them. How many is unknown.
    SomeOutputs,
}

impl Evidence {
    /// Returns the evidence that every schedule has given so many outputs; `None` if they are too many to list.
    #[must_use]
    pub fn every_schedule(outputs: Option<usize>) -> Self {
        Self::EverySchedule { outputs, smaller: None }
    }

    /// Returns how many outputs were found; `None` if the program was not explored, or if they are too many to list.
    #[must_use]
    pub fn outputs(&self) -> Option<usize> {
        match *self {
            Self::EverySchedule { outputs, .. } | Self::RandomSchedules { outputs } => outputs,
            Self::Observed { .. } => None,
        }
    }

    /// Returns whether the guarantees are only declared: real runs do not show which lines may be missing.
    #[must_use]
    pub fn is_declared(&self) -> bool {
        matches!(self, Self::Observed { .. })
    }

    /// Returns whether not every schedule was run, but random ones: a loss that is rare may not show.
    #[must_use]
    pub fn is_random(&self) -> bool {
        matches!(self, Self::RandomSchedules { .. })
    }

    fn fmt_outputs(&self, f: &mut fmt::Formatter<'_>, kind: &str) -> fmt::Result {
        match self.outputs() {
            Some(1) => write!(f, "1 {kind}output"),
            Some(outputs) => write!(f, "{outputs} {kind}outputs"),
            None => write!(f, "more than {MAX_OUTPUTS} {kind}outputs"),
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EverySchedule { smaller, .. } => {
                self.fmt_outputs(f, "possible ")?;
                if let Some(smaller) = smaller {
                    write!(f, " with {smaller}")?;
                }
                f.write_str("; every schedule was run, up to the order of independent steps")
            }
            Self::RandomSchedules { .. } => {
                self.fmt_outputs(f, "")?;
                f.write_str(
                    " found; not every schedule was run, but random ones until no new output appeared",
                )
            }
            Self::Observed { runs } => {
                write!(f, "declared by the test and observed in each of {runs} runs under load; not proven")
            }
        }
    }
}

impl Presence {
    /// Returns whether all outputs have the line.
    #[must_use]
    pub fn is_never_missing(&self) -> bool {
        *self == Self::AllOutputs
    }
}

impl Guarantees {
    /// Notes that the program that was explored is smaller than the lesson, as in `3 items per producer instead of 5`.
    ///
    /// # Panics
    /// Panics if not every schedule was run.
    #[must_use]
    pub fn of_smaller(mut self, how: &str) -> Self {
        let Evidence::EverySchedule { smaller, .. } = &mut self.found else {
            panic!("not every schedule was run: {}", self.found)
        };
        *smaller = Some(how.to_owned());
        self
    }

    /// Returns the line with this label.
    #[must_use]
    pub fn line(&self, label: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.label == label)
    }

    /// Returns whether every output contains this line.
    #[must_use]
    pub fn is_never_missing(&self, label: &str) -> bool {
        self.line(label).is_some_and(|line| line.present_in.is_never_missing())
    }

    /// Returns whether no output contains both lines.
    #[must_use]
    pub fn are_never_both(&self, a: &str, b: &str) -> bool {
        let contains = |a: &str, b: &str| self.never_both.contains(&(a.to_owned(), b.to_owned()));
        contains(a, b) || contains(b, a)
    }

    /// Returns all pairs of lines of which the first comes before the second, wherever both are printed.
    #[must_use]
    pub fn all_before(&self) -> BTreeSet<Pair> {
        let mut after: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (a, b) in &self.before {
            after.entry(a).or_default().insert(b);
        }
        for between in self.lines.iter().filter(|line| line.present_in.is_never_missing()) {
            let later = after.get(between.label.as_str()).cloned().unwrap_or_default();
            let earlier = after.values_mut().filter(|after| after.contains(between.label.as_str()));
            earlier.for_each(|after| after.extend(&later));
        }
        let pairs = after.into_iter().flat_map(|(a, after)| after.into_iter().map(move |b| (a, b)));
        pairs
            .filter(|(a, b)| a != b && !self.are_never_both(a, b))
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .collect()
    }

    /// Returns all pairs of lines of which the second comes right after the first, wherever both are printed: those in
    /// `nothing_between`, and those where it follows, because every other line comes before the first, after the second,
    /// or never with one of them.
    #[must_use]
    pub fn all_neighbours(&self) -> BTreeSet<Pair> {
        let before = self.all_before();
        let is_before = |a: &str, b: &str| before.contains(&(a.to_owned(), b.to_owned()));
        let elsewhere = |line: &str, a: &str, b: &str| {
            line == a
                || line == b
                || is_before(line, a)
                || is_before(b, line)
                || self.are_never_both(line, a)
                || self.are_never_both(line, b)
        };
        let follows =
            |(a, b): &&Pair| self.lines.iter().all(|line| elsewhere(&line.label, a.as_str(), b.as_str()));
        before.iter().filter(follows).chain(&self.nothing_between).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(a: &str, b: &str) -> Pair {
        (a.to_owned(), b.to_owned())
    }

    /// a comes before b, and b before c.
    fn chain(b_is_in: Presence) -> Guarantees {
        let line = |label: &str, present_in| Line {
            label: label.to_owned(),
            actor: "main".to_owned(),
            present_in,
            values: Vec::new(),
        };
        Guarantees {
            found: Evidence::every_schedule(Some(2)),
            lines: vec![line("a", Presence::AllOutputs), line("b", b_is_in), line("c", Presence::AllOutputs)],
            before: [pair("a", "b"), pair("b", "c")].into(),
            nothing_between: BTreeSet::new(),
            never_both: BTreeSet::new(),
        }
    }

    #[test]
    fn the_sentence_says_how_many_outputs_were_found_and_in_which_schedules() {
        let words = |found: Evidence| found.to_string();
        let every = "every schedule was run, up to the order of independent steps";
        assert_eq!(words(Evidence::every_schedule(Some(1))), format!("1 possible output; {every}"));
        let many = format!("more than 200000 possible outputs; {every}");
        assert_eq!(words(Evidence::every_schedule(None)), many);
        let smaller = chain(Presence::AllOutputs).of_smaller("3 items instead of 5").found;
        assert_eq!(words(smaller), format!("2 possible outputs with 3 items instead of 5; {every}"));
        assert_eq!(
            words(Evidence::RandomSchedules { outputs: Some(2) }),
            "2 outputs found; not every schedule was run, but random ones until no new output appeared"
        );
    }

    #[test]
    fn order_is_transitive_through_a_line_that_is_never_missing_only() {
        assert_eq!(
            chain(Presence::AllOutputs).all_before(),
            [pair("a", "b"), pair("a", "c"), pair("b", "c")].into()
        );
        assert_eq!(chain(Presence::Outputs(1)).all_before(), [pair("a", "b"), pair("b", "c")].into());
    }

    #[test]
    fn two_lines_that_are_never_both_printed_have_no_order() {
        let guarantees = Guarantees { never_both: [pair("a", "c")].into(), ..chain(Presence::AllOutputs) };
        assert_eq!(guarantees.all_before(), guarantees.before);
    }

    #[test]
    fn neighbours_are_stated_or_follow_from_where_all_other_lines_are() {
        assert_eq!(chain(Presence::AllOutputs).all_neighbours(), [pair("a", "b"), pair("b", "c")].into());
        let mut concurrent = chain(Presence::AllOutputs);
        concurrent.before = [pair("a", "b")].into();
        assert_eq!(concurrent.all_neighbours(), BTreeSet::new());
        concurrent.nothing_between = [pair("a", "b")].into();
        assert_eq!(concurrent.all_neighbours(), [pair("a", "b")].into());
    }
}
