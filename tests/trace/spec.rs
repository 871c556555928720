//! Turns one real run into the text that every legal run would give.
//!
//! The lines of a concurrent program come in another order each time. Sorting them would hide what a lesson is about,
//! so a test declares, for each line, *who prints it* (an actor: a thread, a process, main) and *what it names* (other
//! actors, or things that several actors share). Two lines keep their order if they are by the same actor, if one
//! names the actor of the other, or if both name the same thing. No other order is kept (these are Mazurkiewicz
//! traces). Of all orders that keep those, the tidy text is the one in which each actor runs on for as long as it can:
//! it reads as a story, and is itself a possible run.
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
//! What varies from run to run for another reason is redacted only where the test says so: [`TraceSpec::identity`],
//! [`TraceSpec::duration`], [`TraceSpec::any`]. Each redactions, and each pair of actors whose order is not kept, stands at the foot
//! of the text, so that a rule which starts to hide more shows in the snapshot's own diff.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::os::unix::process::ExitStatusExt;

use regex_lite::{Captures, Regex};

use crate::run::program::Run;
use crate::trace::concurrency;
use crate::trace::redaction::Redaction;

/// What a test declares of the lines that a program prints.
#[derive(Debug, Clone, Default)]
pub struct TraceSpec {
    rules: Vec<Rule>,
    redactions: Vec<Redaction>,
}

/// Who prints the lines of one pattern, and what they name. The last two are templates (`$1`, `$name`).
#[derive(Debug, Clone)]
struct Rule {
    pattern: Regex,
    by: String,
    names: String,
    unordered: bool,
}

/// One line of a run.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// As it was printed.
    pub(crate) text: String,
    /// Who printed it.
    pub(crate) actor: String,
    /// Whether its actor is a unordered: several that the test does not tell apart.
    pub(crate) unordered: bool,
    /// The place of its rule among the declared ones: who was declared first goes first.
    rank: usize,
    /// Its actor and all that it names: two lines keep their order if these sets meet.
    touches: BTreeSet<String>,
}

impl Line {
    /// Whether the order of these two lines is kept.
    pub(crate) fn depends_on(&self, other: &Self) -> bool {
        !self.touches.is_disjoint(&other.touches)
    }
}

impl TraceSpec {
    /// Declares nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares who prints the lines that match `pattern` as a whole, and what they name.
    ///
    /// `by` and `names` may refer to the pattern's groups (`$1`, `${name}`, `$0` for the whole line). `names` is a list
    /// of words. The first declaration that matches a line counts; where the tidy order leaves a choice, the actor that
    /// was declared first goes first.
    ///
    /// # Panics
    /// When `pattern` is no regular expression.
    #[must_use]
    pub fn event(self, pattern: &str, by: &str, names: &str) -> Self {
        self.rule(pattern, by, names, false)
    }

    /// As [`TraceSpec::line`], for lines by several actors that the test does not tell apart: these keep no order among each
    /// other, except with what they name. What a unordered's members each promise is asserted on the raw output.
    ///
    /// # Panics
    /// As [`TraceSpec::line`].
    #[must_use]
    pub fn unordered_actor(self, pattern: &str, by: &str, names: &str) -> Self {
        self.rule(pattern, by, names, true)
    }

    fn rule(mut self, pattern: &str, by: &str, names: &str, unordered: bool) -> Self {
        let pattern = Regex::new(&format!("^(?:{pattern})$"))
            .unwrap_or_else(|error| panic!("`{pattern}` is no pattern: {error}"));
        self.rules.push(Rule { pattern, by: by.to_owned(), names: names.to_owned(), unordered });
        self
    }

    /// Renumbers what `pattern` finds (its first group, if it has one) by first appearance in the tidy order, as
    /// `<name 1>`, `<name 2>`, …: the same one again and another one stay visible.
    #[must_use]
    pub fn identity(mut self, name: &str, pattern: &str) -> Self {
        self.redactions.push(Redaction::identity(name, pattern));
        self
    }

    /// Replaces what `pattern` finds (its first group, if it has one), a number of seconds, by `<duration>` where it is
    /// inside `seconds`. Any other stays, and the snapshot fails showing it.
    #[must_use]
    pub fn duration(mut self, pattern: &str, seconds: RangeInclusive<f64>) -> Self {
        self.redactions.push(Redaction::duration(pattern, seconds));
        self
    }

    /// Replaces what `pattern` finds (its first group, if it has one) by `<any name>`.
    #[must_use]
    pub fn any(mut self, name: &str, pattern: &str) -> Self {
        self.redactions.push(Redaction::any(name, pattern));
        self
    }

    /// The tidy text of a run, with its exit status.
    ///
    /// # Panics
    /// As [TraceSpec::canonical`].
    #[must_use]
    pub fn canonical_run(&self, run: &Run) -> String {
        let status = match (run.status.code(), run.status.signal()) {
            (Some(code), _) => format!("exit status: {code}"),
            (None, Some(signal)) => format!("ended by signal: {signal}"),
            (None, None) => run.status.to_string(),
        };
        self.text_with(&run.output, &format!("{status}\n"))
    }

    /// The tidy text of what a run printed.
    ///
    /// # Panics
    /// When no declaration says who prints a line.
    #[must_use]
    pub fn canonical(&self, output: &str) -> String {
        self.text_with(output, "")
    }

    fn text_with(&self, output: &str, status: &str) -> String {
        let lines = self.kept_order(output);
        let unended =
            if output.is_empty() || output.ends_with('\n') { "" } else { "(the last line has no end)\n" };
        format!("{}{unended}\n{status}{}", body(&lines), self.footer(&lines))
    }

    /// The lines of a run in the tidy order, with what is declared redacted.
    pub(crate) fn kept_order(&self, output: &str) -> Vec<Line> {
        let read = self.read(output);
        let mut lines: Vec<_> =
            self.tidy_places(&read).into_iter().map(|place| read[place].clone()).collect();
        self.erase(&mut lines);
        lines
    }

    /// The lines of a run in the tidy order, nothing redacted.
    ///
    /// # Panics
    /// As [TraceSpec::canonical`].
    #[must_use]
    pub fn canonical_order<'a>(&self, output: &'a str) -> Vec<&'a str> {
        let places = self.tidy_places(&self.read(output));
        let printed: Vec<_> = output.lines().collect();
        places.into_iter().map(|place| printed[place]).collect()
    }

    /// Who prints this line.
    ///
    /// # Panics
    /// When no declaration says so.
    #[must_use]
    pub fn actor(&self, line: &str) -> String {
        self.read_line(0, line).actor
    }

    /// The patterns of lines, and the templates of who prints them, in the order of their declarations.
    pub(crate) fn declared(&self) -> impl Iterator<Item = (&Regex, &str)> {
        self.rules.iter().map(|rule| (&rule.pattern, rule.by.as_str()))
    }

    /// The line without what is redacted.
    #[must_use]
    pub fn redacted(&self, line: &str) -> String {
        let mut line = line.to_owned();
        for redactions in &self.redactions {
            redactions.erase(std::iter::once(&mut line));
        }
        line
    }

    /// Who printed each line, and what it names.
    fn read(&self, output: &str) -> Vec<Line> {
        output.lines().enumerate().map(|(place, text)| self.read_line(place, text)).collect()
    }

    fn read_line(&self, place: usize, text: &str) -> Line {
        let (rank, rule, groups) = self
            .rules
            .iter()
            .enumerate()
            .find_map(|(rank, rule)| Some((rank, rule, rule.pattern.captures(text)?)))
            .unwrap_or_else(|| panic!("no declaration says who prints this line: {text:?}"));
        let actor = fill(&rule.by, &groups);
        let mut touches: BTreeSet<_> =
            fill(&rule.names, &groups).split_whitespace().map(str::to_owned).collect();
        // A unordered's line is by one of its members, and nobody knows which: it keeps order with itself alone.
        touches.insert(if rule.unordered { format!("{actor}, line {place}") } else { actor.clone() });
        Line { text: text.to_owned(), actor, unordered: rule.unordered, rank, touches }
    }

    /// The places of the lines in the tidy order.
    fn tidy_places(&self, lines: &[Line]) -> Vec<usize> {
        let mut left: Vec<usize> = (0..lines.len()).collect();
        let mut spec: Vec<usize> = Vec::with_capacity(lines.len());
        while !left.is_empty() {
            let ready: Vec<_> = left.iter().copied().filter(|&place| is_ready(lines, &left, place)).collect();
            let same_actor = ready.iter().copied().find(|&place| {
                spec.last()
                    .is_some_and(|&last| !lines[last].unordered && lines[last].actor == lines[place].actor)
            });
            let next = same_actor
                .or_else(|| ready.into_iter().min_by_key(|&place| self.preference(lines, &lines[place])));
            let next = next.expect("the first line that is left is always ready");
            left.retain(|&place| place != next);
            spec.push(next);
        }
        spec
    }

    /// Who goes first where there is a choice. What is redacted must not decide it, as long as anything else does.
    fn preference(&self, lines: &[Line], line: &Line) -> impl Ord + use<> {
        let by_the_same = || lines.iter().filter(|other| other.actor == line.actor);
        let declared = by_the_same().map(|other| other.rank).min();
        let masked = |text: &str| {
            self.redactions.iter().fold(text.to_owned(), |text, redactions| redactions.mask(&text))
        };
        // All that the actor prints, too: two that only an identity tells apart now may differ later.
        let story: Vec<String> = by_the_same().map(|other| masked(&other.text)).collect();
        (declared, masked(&line.actor), masked(&line.text), story, line.actor.clone(), line.text.clone())
    }

    /// Erases what is declared, in the names of the actors too.
    fn erase(&self, lines: &mut [Line]) {
        for redactions in &self.redactions {
            redactions.erase(lines.iter_mut().flat_map(|line| [&mut line.actor, &mut line.text]));
        }
    }

    /// What the story does not say: the orders that were not kept, and what was redacted.
    fn footer(&self, lines: &[Line]) -> String {
        let mut foot = concurrency::describe_concurrency(lines, |a, b| lines[a].depends_on(&lines[b]));
        for redactions in &self.redactions {
            let _ = writeln!(foot, "redacted: {redactions}");
        }
        foot
    }
}

/// One line of text for each line of the run: its actor, and what it printed.
fn body(lines: &[Line]) -> String {
    let width = lines.iter().map(|line| line.actor.chars().count()).max().unwrap_or(0);
    lines.iter().fold(String::new(), |mut story, line| {
        let _ = writeln!(story, "{:width$} | {}", line.actor, line.text);
        story
    })
}

fn fill(template: &str, groups: &Captures<'_>) -> String {
    let mut filled = String::new();
    groups.expand(template, &mut filled);
    filled
}

/// Whether no line that is left must come before this one.
fn is_ready(lines: &[Line], left: &[usize], place: usize) -> bool {
    left.iter()
        .take_while(|&&earlier| earlier < place)
        .all(|&earlier| !lines[earlier].depends_on(&lines[place]))
}
