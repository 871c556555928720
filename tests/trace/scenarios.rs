//! Who prints which line, in each scenario of a lesson.
//!
//! A lesson declares it once, in its `tests/lesson/actors.rs`. All its tests tidy by it, and `cargo xtask lanes` draws by it: a
//! lane for each actor. The drawing asks for it by running the lesson's test that [hands it over](Scenarios::hand_over).

use std::ffi::OsString;
use std::fmt::Write as _;
use std::{env, fs};

use regex_lite::Regex;
use serde_json::{Value, json};

use crate::run::program::Program;
use crate::trace::spec::TraceSpec;

/// The variable that names the file into which a lesson's test hands over who prints which line.
pub const FILE: &str = "LANES_FILE";

/// The test that does so; each lesson has it in its `tests/lesson/lanes.rs`.
pub const TEST: &str = "lanes::who_prints_which_line_is_handed_over";

/// The scenarios of a lesson, in the order in which they run, and what is declared of each.
#[derive(Debug, Clone, Default)]
pub struct Scenarios(Vec<Scenario>);

#[derive(Debug, Clone)]
struct Scenario {
    name: &'static str,
    spec: TraceSpec,
    members: TraceSpec,
    cut_off: Vec<&'static str>,
}

impl Scenarios {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the scenario that the argument `name` chooses; `""` for a lesson that has one alone.
    #[must_use]
    pub fn scenario(mut self, name: &'static str, spec: TraceSpec) -> Self {
        self.0.push(Scenario { name, spec, members: TraceSpec::new(), cut_off: Vec::new() });
        self
    }

    /// In the last scenario, which member of a [unordered](TraceSpec::unordered) prints the lines that match `pattern`. The tidy text
    /// does not tell them apart; a drawing of one run may.
    ///
    /// # Panics
    /// When there is no scenario yet, or `pattern` is no regular expression.
    #[must_use]
    pub fn member(mut self, pattern: &str, by: &str) -> Self {
        let scenario = self.last();
        scenario.members = scenario.members.clone().event(pattern, by, "");
        self
    }

    /// In the last scenario, an actor that does not come to its end: that of the process cuts it off.
    ///
    /// # Panics
    /// When there is no scenario yet.
    #[must_use]
    pub fn cut_off(mut self, actor: &'static str) -> Self {
        self.last().cut_off.push(actor);
        self
    }

    fn last(&mut self) -> &mut Scenario {
        self.0.last_mut().expect("a scenario comes first")
    }

    /// What is declared of the lines of a scenario.
    ///
    /// # Panics
    /// When there is no scenario of this name.
    #[must_use]
    pub fn spec(&self, name: &str) -> &TraceSpec {
        &self.find(name).spec
    }

    /// All of them, as [`assert_runs_all_in_order`](crate::run::cli_contract::assert_runs_all_in_order) takes them.
    #[must_use]
    pub fn in_order(&self) -> Vec<(&str, &TraceSpec)> {
        self.0.iter().map(|scenario| (scenario.name, &scenario.spec)).collect()
    }

    fn find(&self, name: &str) -> &Scenario {
        let found = self.0.iter().find(|scenario| scenario.name == name);
        found.unwrap_or_else(|| panic!("no scenario {name:?} is declared"))
    }

    /// Writes what a drawing needs into the file that [`FILE`] names, a line of JSON for each scenario. Without that
    /// variable it only holds that what would be written can be read. `program` is the lesson's.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn hand_over(&self, program: &str) {
        let mut lines = String::new();
        for scenario in &self.0 {
            let line = scenario.lanes(program).to_json();
            assert_eq!(Lanes::from_json(&line).map(|lanes| lanes.to_json()), Some(line.clone()));
            let _ = writeln!(lines, "{line}");
        }
        if let Some(file) = env::var_os(FILE) {
            fs::write(&file, lines).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        }
    }

    /// Runs `program` with each scenario of `names`, and holds that it prints something, and that every line has an
    /// actor.
    ///
    /// # Panics
    /// A test's failure.
    pub fn assert_every_line_has_an_actor(&self, program: &Program, names: &[&str]) {
        for name in names {
            let _ = self.actors_of_a_run(program, name);
        }
    }

    /// As [`Scenarios::assert_every_line_has_an_actor`]; and that whoever is declared to be cut off prints something
    /// before. Nothing promises that: it is for a program that sleeps long enough.
    ///
    /// # Panics
    /// A test's failure.
    pub fn assert_who_is_cut_off_prints(&self, program: &Program, name: &str) {
        let actors = self.actors_of_a_run(program, name);
        for cut_off in &self.find(name).cut_off {
            let prints = actors.iter().any(|actor| actor == cut_off);
            assert!(prints, "{program} {name}: {cut_off} printed nothing, but {actors:?} did");
        }
    }

    fn actors_of_a_run(&self, program: &Program, name: &str) -> Vec<String> {
        let lanes = self.find(name).lanes("");
        let run = program.clone().args(lanes.args()).run();
        let nobody = |line: &str| -> ! { panic!("{program} {name}: nobody prints {line:?}") };
        let actor = |line: &str| lanes.of(line).unwrap_or_else(|| nobody(line)).actor;
        let actors: Vec<String> = run.lines().map(actor).collect();
        assert!(!actors.is_empty(), "{program} {name} printed nothing");
        actors
    }
}

impl Scenario {
    fn lanes(&self, program: &str) -> Lanes {
        let rules = |spec: &TraceSpec| {
            spec.declared().map(|(pattern, by)| (pattern.clone(), by.to_owned())).collect()
        };
        Lanes {
            program: program.into(),
            scenario: self.name.to_owned(),
            rules: rules(&self.spec),
            members: rules(&self.members),
            cut_off: self.cut_off.iter().map(|&actor| actor.to_owned()).collect(),
        }
    }
}

/// Who prints which line in one scenario, as it is handed over.
#[derive(Debug, Clone)]
pub struct Lanes {
    /// The lesson's program.
    pub program: OsString,
    /// The name of the scenario; empty for one alone.
    pub scenario: String,
    /// Patterns, and who prints the lines that match.
    rules: Vec<(Regex, String)>,
    /// The same for members of a unordered.
    members: Vec<(Regex, String)>,
    /// Who is cut off by the end of the process.
    pub cut_off: Vec<String>,
}

/// The lane in which a line is drawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lane {
    /// The place of the declaration among all of them. Actors of one declaration are of one kind.
    pub kind: usize,
    /// Who prints the line.
    pub actor: String,
}

impl Lanes {
    /// The arguments that choose the scenario.
    pub fn args(&self) -> impl Iterator<Item = &str> {
        Some(self.scenario.as_str()).filter(|name| !name.is_empty()).into_iter()
    }

    /// The lane of a line, if it is declared who prints it.
    #[must_use]
    pub fn of(&self, line: &str) -> Option<Lane> {
        let kind = self.rules.iter().position(|(pattern, _)| pattern.is_match(line))?;
        let mut rules = self.members.iter().chain(&self.rules);
        let (by, groups) = rules.find_map(|(pattern, by)| Some((by, pattern.captures(line)?)))?;
        let mut actor = String::new();
        groups.expand(by, &mut actor);
        Some(Lane { kind, actor })
    }

    fn to_json(&self) -> Value {
        let rules = |rules: &[(Regex, String)]| -> Value {
            rules.iter().map(|(pattern, by)| [pattern.as_str(), by]).map(|rule| json!(rule)).collect()
        };
        json!({
            "program": self.program.to_string_lossy(),
            "scenario": self.scenario,
            "rules": rules(&self.rules),
            "members": rules(&self.members),
            "cut_off": self.cut_off,
        })
    }

    /// Reads what was handed over; nothing if it was something else.
    #[must_use]
    pub fn from_json(line: &Value) -> Option<Self> {
        let text = |value: &Value| Some(value.as_str()?.to_owned());
        let rule = |rule: &Value| Some((Regex::new(rule[0].as_str()?).ok()?, text(&rule[1])?));
        Some(Self {
            program: text(&line["program"])?.into(),
            scenario: text(&line["scenario"])?,
            rules: line["rules"].as_array()?.iter().map(rule).collect::<Option<_>>()?,
            members: line["members"].as_array()?.iter().map(rule).collect::<Option<_>>()?,
            cut_off: line["cut_off"].as_array()?.iter().map(text).collect::<Option<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn tea() -> Scenarios {
        let spec =
            TraceSpec::new().event("main: .*", "main", "").unordered_actor("(cook|waiter): .*", "staff", "");
        Scenarios::new().scenario("tea", spec).member("(cook): .*", "$1").cut_off("main")
    }

    fn lane(line: &str) -> Option<(usize, String)> {
        tea().find("tea").lanes("").of(line).map(|lane| (lane.kind, lane.actor))
    }

    #[test]
    fn a_line_is_in_the_lane_of_its_actor_and_a_crowd_is_told_apart_where_that_is_declared() {
        assert_eq!(lane("main: hello"), Some((0, "main".to_owned())));
        assert_eq!(lane("cook: hello"), Some((1, "cook".to_owned())));
        assert_eq!(lane("waiter: hello"), Some((1, "staff".to_owned())));
        assert_eq!(lane("nobody: hello"), None);
        assert_eq!(lane("main: hello\nand more"), None);
    }

    #[test]
    fn a_line_is_timed_when_it_comes() {
        let script = "echo main: a; sleep 0.2; echo main: b; echo main: c >&2; printf 'main: d'";
        let timed = Program::new("/bin/sh").args(["-c", script]).run_timed();
        let lines: Vec<_> = timed.iter().map(|(_, line)| line.as_str()).collect();
        assert_eq!(lines, ["main: a", "main: b", "main: c", "main: d"]);
        assert!(timed[1].0 >= timed[0].0 + Duration::from_millis(100), "{timed:?}");
    }

    #[test]
    #[should_panic(expected = "nobody prints \"x\"")]
    fn a_line_that_nobody_prints_fails() {
        let program = Program::new("/bin/sh").args(["-c", "echo main: a; echo x"]);
        tea().assert_every_line_has_an_actor(&program, &["tea"]);
    }

    #[test]
    #[should_panic(expected = "printed nothing")]
    fn a_program_that_prints_nothing_fails() {
        tea().assert_every_line_has_an_actor(&Program::new("/bin/sh").args(["-c", "exit"]), &["tea"]);
    }

    #[test]
    #[should_panic(expected = "main printed nothing")]
    fn one_who_is_cut_off_before_the_first_line_fails() {
        tea().assert_who_is_cut_off_prints(&Program::new("/bin/sh").args(["-c", "echo cook: a"]), "tea");
    }
}
