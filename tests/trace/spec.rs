//! Turns the output of one run into the text that every equivalent run gives.
//!
//! The lines of a concurrent program come in a different order each time. Sorting them would hide what a lesson is
//! about. So a specification declares, for each line, *which actor prints it* (a thread, a process, main) and *what it
//! depends on* (other actors, or things that several actors share). Two lines keep their order if the same actor prints
//! them, if one depends on the actor of the other, or if both depend on the same thing. No other order is kept
//! (Mazurkiewicz traces). Of all orders that keep those, the canonical form is the one in which each actor runs for as
//! long as it can. It is itself a possible run.
//!
//! ```
//! use course_tests::TraceSpec;
//!
//! let spec = TraceSpec::new()
//!     .event("main: .*", "main", "tea toast")
//!     .event(r"(tea|toast): step \d", "$1", "");
//!
//! let text = spec.canonical("toast: step 1\ntea: step 1\ntea: step 2\nmain: all done\n");
//! assert_eq!(text, "\
//! tea   | tea: step 1
//! tea   | tea: step 2
//! toast | toast: step 1
//! main  | main: all done
//!
//! in either order: tea, toast
//! ");
//! ```
//!
//! What varies from run to run for another reason is redacted only where the specification says so:
//! [`TraceSpec::identity`], [`TraceSpec::duration`], [`TraceSpec::any`]. Each redaction, and each pair of actors whose
//! order is not kept, is listed below the lines, so that a rule that hides more shows in the diff of the snapshot.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::os::unix::process::ExitStatusExt;

use regex_lite::{Captures, Regex};

use crate::run::program::Run;
use crate::trace::canonical::Trace;
use crate::trace::line::{Dependencies, Line};
use crate::trace::redaction::Redaction;

/// The word in a list of dependencies that stands for every other line.
const EVERY_LINE: &str = "*";

/// Which actor prints which line of a program, which lines depend on each other, and what varies in them.
#[derive(Debug, Clone, Default)]
pub struct TraceSpec {
    rules: Vec<Rule>,
    redactions: Vec<Redaction>,
    varying: Vec<Redaction>,
}

/// The actor and the dependencies of the lines that match a pattern, as templates (`$1`, `${name}`).
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) pattern: Regex,
    pub(crate) actor: String,
    pub(crate) depends: String,
    /// Whether the actor stands for several, whose lines keep no order among themselves.
    pub(crate) unordered: bool,
    /// Which of them prints the line. A drawing of one run tells them apart, the canonical form does not.
    pub(crate) member: Option<String>,
}

impl TraceSpec {
    /// Returns a specification without any rule.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares which actor prints the lines that match `pattern` as a whole, and what they depend on.
    ///
    /// `actor` and `depends` may refer to the pattern's groups (`$1`, `${name}`, `$0` for the whole line). `depends` is a
    /// list of words, or `*` for every other line. The first rule that matches a line applies; where the canonical order
    /// leaves a choice, the actor that is declared first goes first.
    ///
    /// # Panics
    /// Panics if `pattern` is not a regular expression.
    #[must_use]
    pub fn event(self, pattern: &str, actor: &str, depends: &str) -> Self {
        let [actor, depends] = [actor, depends].map(str::to_owned);
        self.rule(Rule {
            pattern: regex(&whole_line(pattern)),
            actor,
            depends,
            unordered: false,
            member: None,
        })
    }

    /// Like [`TraceSpec::event`], but for an actor that stands for several: their lines keep no order among themselves,
    /// except through what they depend on.
    ///
    /// # Panics
    /// Panics if `pattern` is not a regular expression.
    #[must_use]
    pub fn unordered_actor(self, pattern: &str, actor: &str, depends: &str) -> Self {
        let [actor, depends] = [actor, depends].map(str::to_owned);
        self.rule(Rule {
            pattern: regex(&whole_line(pattern)),
            actor,
            depends,
            unordered: true,
            member: None,
        })
    }

    pub(crate) fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Numbers what `pattern` finds (its first group, if it has one) by first appearance in the canonical order:
    /// `<name 1>`, `<name 2>`, … An identity that appears again stays recognisable.
    ///
    /// # Panics
    /// Panics if `pattern` is not a regular expression.
    #[must_use]
    pub fn identity(self, name: &str, pattern: &str) -> Self {
        self.redaction(Redaction::identity(name, regex(pattern)))
    }

    /// Replaces a number of seconds that `pattern` finds (its first group, if it has one) by `<duration>` if it is in the
    /// range `seconds`. Any other number stays, and the snapshot fails showing it.
    ///
    /// # Panics
    /// Panics if `pattern` is not a regular expression.
    #[must_use]
    pub fn duration(self, pattern: &str, seconds: RangeInclusive<f64>) -> Self {
        self.redaction(Redaction::duration(seconds, regex(pattern)))
    }

    /// Replaces what `pattern` finds (its first group, if it has one) by `<any name>`.
    ///
    /// # Panics
    /// Panics if `pattern` is not a regular expression.
    #[must_use]
    pub fn any(self, name: &str, pattern: &str) -> Self {
        self.redaction(Redaction::any(name, regex(pattern)))
    }

    pub(crate) fn redaction(mut self, redaction: Redaction) -> Self {
        self.redactions.push(redaction);
        self
    }

    /// Declares that what `pattern` finds (its first group, if it has one) differs between possible outputs: lines that
    /// differ only there are the same line. The canonical form keeps it.
    ///
    /// # Panics
    /// Panics if `pattern` is not a regular expression.
    #[must_use]
    pub fn varying(self, name: &str, pattern: &str) -> Self {
        self.variation(Redaction::any(name, regex(pattern)))
    }

    pub(crate) fn variation(mut self, variation: Redaction) -> Self {
        self.varying.push(variation);
        self
    }

    /// Returns the canonical form of a run, with its exit status.
    ///
    /// # Panics
    /// Panics if no rule matches a line.
    #[must_use]
    pub fn canonical_run(&self, run: &Run) -> String {
        let status = match (run.status.code(), run.status.signal()) {
            (Some(code), _) => format!("exit status: {code}"),
            (None, Some(signal)) => format!("killed by signal: {signal}"),
            (None, None) => run.status.to_string(),
        };
        self.canonical_with(&run.output, &format!("{status}\n"))
    }

    /// Returns the canonical form of what a run printed.
    ///
    /// # Panics
    /// Panics if no rule matches a line.
    #[must_use]
    pub fn canonical(&self, output: &str) -> String {
        self.canonical_with(output, "")
    }

    fn canonical_with(&self, output: &str, status: &str) -> String {
        let trace = self.trace(output);
        let is_complete = output.is_empty() || output.ends_with('\n');
        let incomplete = if is_complete { "" } else { "(the last line does not end with a newline)\n" };
        let mut text = format!("{}{incomplete}\n{status}{}", trace.body(), trace.concurrency());
        for redaction in &self.redactions {
            let _ = writeln!(text, "redacted: {redaction}");
        }
        text
    }

    /// Returns the lines of a run in canonical order.
    pub(crate) fn trace(&self, output: &str) -> Trace {
        let printed: Vec<Line> =
            output.lines().enumerate().map(|(index, text)| self.line(index, text)).collect();
        Trace::new(&printed, &self.redactions)
    }

    /// Returns the actor that prints this line.
    ///
    /// # Panics
    /// Panics if no rule matches it.
    #[must_use]
    pub fn actor(&self, line: &str) -> String {
        self.line(0, line).actor
    }

    /// Returns the line without what varies between possible outputs.
    #[must_use]
    pub fn label(&self, line: &str) -> String {
        let mut label = line.to_owned();
        for varying in &self.varying {
            varying.redact(std::iter::once(&mut label));
        }
        label
    }

    /// Returns the first rule that matches a line, its index, and what its groups matched.
    pub(crate) fn matching<'a>(&self, line: &'a str) -> Option<(usize, &Rule, Captures<'a>)> {
        let matching = |(index, rule): (usize, &'_ Rule)| Some((index, rule.pattern.captures(line)?));
        let (index, groups) = self.rules.iter().enumerate().find_map(matching)?;
        Some((index, &self.rules[index], groups))
    }

    /// Returns the index of the first rule with this actor.
    pub(crate) fn first_rule_of(&self, actor: &str) -> Option<usize> {
        self.rules.iter().position(|rule| rule.actor == actor)
    }

    fn line(&self, index: usize, text: &str) -> Line {
        let (rank, rule, groups) =
            self.matching(text).unwrap_or_else(|| panic!("no actor is declared for this line: {text:?}"));
        let actor = expand(&rule.actor, &groups);
        let list = expand(&rule.depends, &groups);
        let mut names: BTreeSet<_> = list.split_whitespace().map(str::to_owned).collect();
        let depends = if names.contains(EVERY_LINE) {
            Dependencies::All
        } else {
            // A line of an unordered actor is printed by one of several, and it is unknown which.
            names.insert(if rule.unordered { format!("{actor}, line {index}") } else { actor.clone() });
            Dependencies::Names(names)
        };
        Line { text: text.to_owned(), actor, unordered: rule.unordered, rank, depends }
    }
}

/// Returns a template with the groups of a match filled in.
pub(crate) fn expand(template: &str, groups: &Captures<'_>) -> String {
    let mut expanded = String::new();
    groups.expand(template, &mut expanded);
    expanded
}

/// Returns a pattern that matches whole lines.
pub(crate) fn whole_line(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("`{pattern}` is not a regular expression: {error}"))
}
