//! The scenarios of a lesson, and which actor prints which line in each.
//!
//! A lesson declares them once, in `tests/lesson/actors.toml`. Its tests compare runs by them, and `cargo xtask lanes`
//! draws a lane for each actor:
//!
//! ```toml
//! [[trace]]
//! scenarios = ["thread"]                            # their names on the command line; "" if the lesson has only one
//! cut_off = ["foo"]                                 # actors that the end of the process interrupts
//! events = [
//!     { line = 'main: .*', actor = 'main', depends = '*' },              # depends on every other line
//!     { line = '(tea|toast): step \d', actor = '$1' },                   # $1: what the first group matched
//!     { line = '(cook \d) made (.*)', actor = 'cooks', unordered = true, member = '$1', depends = '$2' },
//! ]
//! redact = [{ identity = 'pid', pattern = 'pid (\d+)' }]   # or any = 'name'; not in the canonical form
//! vary = [{ any = 'pid', pattern = 'pid (\d+)' }]          # differs between possible outputs
//! ```
//!
//! [`TraceSpec`] explains what these mean.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use regex_lite::Regex;
use serde::Deserialize;

use crate::run::program::Program;
use crate::trace::redaction::Redaction;
use crate::trace::spec::{Rule, TraceSpec, expand, whole_line};

/// The file in a lesson's folder that declares its scenarios.
pub const ACTORS_FILE: &str = "tests/lesson/actors.toml";

/// The scenarios of a lesson, in the order in which they run.
#[derive(Debug, Clone)]
pub struct Scenarios(Vec<Scenario>);

/// One scenario of a lesson.
#[derive(Debug, Clone)]
pub struct Scenario {
    name: String,
    spec: TraceSpec,
    cut_off: Vec<String>,
}

/// The lane in which a line is drawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lane {
    /// The index of the first event that declares the actor. Actors of one event are of one kind.
    pub kind: usize,
    /// The actor that prints the line.
    pub actor: String,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declarations {
    trace: Vec<Declaration>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declaration {
    scenarios: Vec<String>,
    #[serde(default)]
    cut_off: Vec<String>,
    events: Vec<Event>,
    #[serde(default)]
    redact: Vec<Redact>,
    #[serde(default)]
    vary: Vec<Vary>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    line: String,
    actor: String,
    #[serde(default)]
    depends: String,
    #[serde(default)]
    unordered: bool,
    member: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Redact {
    Identity { identity: String, pattern: String },
    Any { any: String, pattern: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vary {
    any: String,
    pattern: String,
}

impl Scenarios {
    /// Reads the scenarios of the lesson in the folder `lesson`: in a lesson's tests, `env!("CARGO_MANIFEST_DIR")`.
    ///
    /// # Panics
    /// Panics if [`Scenarios::read`] fails.
    #[must_use]
    pub fn of(lesson: impl AsRef<Path>) -> Self {
        Self::read(lesson).unwrap_or_else(|error| panic!("{error:#}"))
    }

    /// Reads the scenarios of the lesson in the folder `lesson`.
    ///
    /// # Errors
    /// If the file cannot be read, is not TOML, has an unknown key, or a pattern is not a regular expression.
    pub fn read(lesson: impl AsRef<Path>) -> Result<Self> {
        let path = lesson.as_ref().join(ACTORS_FILE);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("cannot parse {}", path.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let Declarations { trace } = toml::from_str(text)?;
        let scenarios = trace.into_iter().map(Declaration::scenarios).collect::<Result<Vec<_>>>()?;
        Ok(Self(scenarios.concat()))
    }

    /// Returns the scenarios in order.
    pub fn iter(&self) -> impl Iterator<Item = &Scenario> {
        self.0.iter()
    }

    /// Returns which actor prints which line in a scenario.
    ///
    /// # Panics
    /// Panics if no scenario has this name.
    #[must_use]
    pub fn spec(&self, name: &str) -> &TraceSpec {
        &self.find(name).spec
    }

    fn find(&self, name: &str) -> &Scenario {
        let found = self.iter().find(|scenario| scenario.name == name);
        found.unwrap_or_else(|| panic!("{ACTORS_FILE} declares no scenario {name:?}"))
    }

    /// Runs `program` with each scenario, and asserts that it prints something and that every line has an actor.
    pub fn assert_every_line_has_an_actor(&self, program: &Program) {
        for scenario in self.iter() {
            let _ = scenario.actors_of_a_run(program);
        }
    }

    /// Runs `program` with the scenario `name`, and asserts that every actor that is cut off prints something first.
    /// Nothing guarantees that: use it only if the program sleeps for long enough.
    pub fn assert_cut_off_actors_print(&self, program: &Program, name: &str) {
        let scenario = self.find(name);
        let actors = scenario.actors_of_a_run(program);
        for actor in &scenario.cut_off {
            assert!(actors.contains(actor), "{program} {name}: {actor} printed nothing; {actors:?} printed");
        }
    }
}

impl Declaration {
    fn scenarios(self) -> Result<Vec<Scenario>> {
        let mut spec = TraceSpec::new();
        for Event { line, actor, depends, unordered, member } in self.events {
            spec = spec.rule(Rule { pattern: regex(&whole_line(&line))?, actor, depends, unordered, member });
        }
        for redact in self.redact {
            spec = spec.redaction(match redact {
                Redact::Identity { identity, pattern } => Redaction::identity(&identity, regex(&pattern)?),
                Redact::Any { any, pattern } => Redaction::any(&any, regex(&pattern)?),
            });
        }
        for Vary { any, pattern } in self.vary {
            spec = spec.variation(Redaction::any(&any, regex(&pattern)?));
        }
        let scenario = |name| Scenario { name, spec: spec.clone(), cut_off: self.cut_off.clone() };
        Ok(self.scenarios.into_iter().map(scenario).collect())
    }
}

/// Returns whether the declarations in `new` ask for less than those in `old`, in a scenario that both have: what a line
/// depended on is gone, or more may vary, come in any order, or be cut off.
///
/// # Errors
/// If one of them is not TOML, or has an unknown key.
pub fn asks_for_less(old: &str, new: &str) -> Result<bool> {
    let (old, new) = (demands(old)?, demands(new)?);
    let is_less = |(scenario, old): (&String, &Demands)| {
        new.get(scenario)
            .is_some_and(|new| !old.fixed.is_subset(&new.fixed) || !new.free.is_subset(&old.free))
    };
    Ok(old.iter().any(is_less))
}

/// What the declarations ask of a scenario.
#[derive(Default)]
struct Demands {
    /// The patterns of lines, each with something that it depends on.
    fixed: BTreeSet<(String, String)>,
    /// What need not be the same in each run: actors, and patterns of lines and of parts of lines.
    free: BTreeSet<String>,
}

fn demands(text: &str) -> Result<BTreeMap<String, Demands>> {
    let Declarations { trace } = toml::from_str(text)?;
    let mut demands = BTreeMap::<_, Demands>::new();
    for Declaration { scenarios, cut_off, events, redact, vary } in trace {
        let redacted = redact.into_iter().map(|redact| match redact {
            Redact::Identity { pattern, .. } | Redact::Any { pattern, .. } => pattern,
        });
        let varying = vary.into_iter().map(|Vary { pattern, .. }| pattern);
        let unordered = events.iter().filter(|event| event.unordered).map(|event| event.line.clone());
        let free: BTreeSet<_> = cut_off.into_iter().chain(redacted).chain(varying).chain(unordered).collect();
        let words = |event: &Event| {
            let Event { line, depends, .. } = event;
            depends.split_whitespace().map(|word| (line.clone(), word.to_owned())).collect::<Vec<_>>()
        };
        let fixed: BTreeSet<_> = events.iter().flat_map(words).collect();
        for scenario in scenarios {
            let demands = demands.entry(scenario).or_default();
            demands.fixed.extend(fixed.clone());
            demands.free.extend(free.clone());
        }
    }
    Ok(demands)
}

fn regex(pattern: &str) -> Result<Regex> {
    Regex::new(pattern).with_context(|| format!("`{pattern}` is not a regular expression"))
}

impl Scenario {
    /// The name on the command line; empty if the lesson has only one scenario.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which actor prints which line.
    #[must_use]
    pub fn spec(&self) -> &TraceSpec {
        &self.spec
    }

    /// The actors that the end of the process interrupts.
    #[must_use]
    pub fn cut_off(&self) -> &[String] {
        &self.cut_off
    }

    /// Returns the arguments that choose this scenario.
    pub fn args(&self) -> impl Iterator<Item = &str> {
        Some(self.name()).filter(|name| !name.is_empty()).into_iter()
    }

    /// Returns the lane of a line, or `None` if no actor is declared for it.
    #[must_use]
    pub fn lane(&self, line: &str) -> Option<Lane> {
        let (index, rule, groups) = self.spec.matching(line)?;
        let kind = self.spec.first_rule_of(&rule.actor).unwrap_or(index);
        Some(Lane { kind, actor: expand(rule.member.as_ref().unwrap_or(&rule.actor), &groups) })
    }

    fn actors_of_a_run(&self, program: &Program) -> Vec<String> {
        let name = &self.name;
        let run = program.clone().args(self.args()).run();
        let actor = |line: &str| {
            let lane = self.lane(line);
            lane.unwrap_or_else(|| panic!("{program} {name}: {ACTORS_FILE} declares no actor for {line:?}"))
                .actor
        };
        let actors: Vec<String> = run.lines().map(actor).collect();
        assert!(!actors.is_empty(), "{program} {name} printed nothing");
        actors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_ask_for_less_are_found_among_others_that_ask_for_more() {
        let rules = |rest: &str| format!("[[trace]]\nscenarios = ['a']\nevents = [{rest}\n");
        let old = rules("{ line = 'x', actor = 'm', depends = '*' }, { line = 'y', actor = 'm' }]");
        for (new, is_less) in [
            (
                "{ line = 'x', actor = 'm', depends = 'tea' }, { line = 'y', actor = 'm', depends = 'a b c' }]",
                true,
            ),
            (
                "{ line = 'x', actor = 'm', depends = '*' }, { line = 'y', actor = 'm', unordered = true }]",
                true,
            ),
            ("{ line = 'x', actor = 'm', depends = '*' }]\nvary = [{ any = 'n', pattern = 'x' }]", true),
            (
                "{ line = 'x', actor = 'm', depends = '*' }]\n[[trace]]\nscenarios = ['b']\ncut_off = ['m']\nevents = []",
                false,
            ),
            ("{ line = 'x', actor = 'm', depends = '* tea' }]", false),
        ] {
            assert_eq!(asks_for_less(&old, &rules(new)).expect("valid rules"), is_less, "{new}");
        }
    }

    const TEA: &str = r"
        [[trace]]
        scenarios = ['tea', 'coffee']
        cut_off = ['main']
        events = [
            { line = 'main: .*', actor = 'main' },
            { line = '(cook|waiter): .*', actor = 'staff', unordered = true, member = '$1' },
            { line = 'the end', actor = 'main', depends = '*' },
        ]
        redact = [{ identity = 'pid', pattern = 'pid (\d+)' }, { any = 'name', pattern = 'name (.*)' }]
        vary = [{ any = 'pid', pattern = 'pid (\d+)' }]
    ";

    fn tea() -> Scenarios {
        Scenarios::parse(TEA).expect("it can be parsed")
    }

    fn shell(script: &str) -> Program {
        Program::new("/bin/sh").args(["-c", script])
    }

    #[test]
    fn a_trace_may_be_that_of_several_scenarios() {
        assert_eq!(tea().iter().map(Scenario::name).collect::<Vec<_>>(), ["tea", "coffee"]);
        assert_eq!(tea().find("coffee").args().collect::<Vec<_>>(), ["coffee"]);
    }

    #[test]
    fn a_line_is_in_the_lane_of_its_actor_or_of_the_member_that_printed_it() {
        let lane = |line: &str| tea().find("tea").lane(line).map(|lane| (lane.kind, lane.actor));
        assert_eq!(lane("main: hello"), Some((0, "main".to_owned())));
        assert_eq!(lane("the end"), Some((0, "main".to_owned())));
        assert_eq!(lane("cook: hello"), Some((1, "cook".to_owned())));
        assert_eq!(lane("guest: hello"), None);
        assert_eq!(lane("main: hello\nand more"), None);
    }

    #[test]
    fn redactions_apply_to_the_canonical_form_and_variations_to_the_labels_of_lines() {
        let spec = tea().spec("tea").clone();
        let text = spec.canonical("main: pid 7\nmain: pid 8\nmain: pid 7\n");
        assert!(text.starts_with("main | main: pid <pid 1>\nmain | main: pid <pid 2>\n"), "{text}");
        assert_eq!(spec.label("main: pid 7"), "main: pid <any pid>");
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let error = Scenarios::parse(&TEA.replace("cut_off", "cutoff")).expect_err("it has an unknown key");
        assert!(format!("{error:#}").contains("cutoff"), "{error:#}");
    }

    #[test]
    fn an_invalid_pattern_is_an_error_that_shows_it() {
        let error = Scenarios::parse(&TEA.replace("name (.*)", "name (.*")).expect_err("it is invalid");
        assert_eq!(error.to_string(), "`name (.*` is not a regular expression");
    }

    #[test]
    #[should_panic(expected = "declares no actor for \"x\"")]
    fn a_line_without_an_actor_fails() {
        tea().assert_every_line_has_an_actor(&shell("echo main: a; echo x"));
    }

    #[test]
    #[should_panic(expected = "printed nothing")]
    fn a_program_that_prints_nothing_fails() {
        tea().assert_every_line_has_an_actor(&shell("exit"));
    }

    #[test]
    #[should_panic(expected = "main printed nothing")]
    fn an_actor_that_is_cut_off_before_its_first_line_fails() {
        tea().assert_cut_off_actors_print(&shell("echo cook: a"), "tea");
    }
}
