//! What the arguments of a lesson's program can name: a scenario, or what a child process runs.

use std::ffi::OsString;

use anyhow::Result;

/// Runs a command with its parameters.
type Run = Box<dyn Fn(&[OsString]) -> Result<()>>;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One of several scenarios. Without an argument, the program runs all of this kind.
    Scenario,
    /// The lesson's only scenario, which has no name: the program takes no arguments.
    OnlyScenario,
    /// A scenario that takes the path of a file or nothing. It runs only if it is named.
    ScenarioOnFile,
    /// What a child process runs, with this number of parameters.
    Child(usize),
}

pub(crate) struct Command {
    pub(crate) kind: Kind,
    /// Words separated by spaces.
    pub(crate) name: &'static str,
    /// What the help shows beside a scenario.
    pub(crate) about: &'static str,
    run: Run,
}

impl Command {
    pub(crate) fn new(
        kind: Kind,
        name: &'static str,
        about: &'static str,
        run: impl Fn(&[OsString]) -> Result<()> + 'static,
    ) -> Self {
        Self { kind, name, about, run: Box::new(run) }
    }

    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.name.split_whitespace()
    }

    /// Returns whether `args` are this command's name and parameters. An option is not a parameter.
    pub(crate) fn matches(&self, args: &[OsString]) -> bool {
        let parameters = match self.kind {
            Kind::Scenario | Kind::OnlyScenario => 0..=0,
            Kind::ScenarioOnFile => 0..=1,
            Kind::Child(count) => count..=count,
        };
        let is_parameter = |arg: &OsString| !arg.is_empty() && !arg.as_encoded_bytes().starts_with(b"-");
        args.split_at_checked(self.words().count()).is_some_and(|(name, rest)| {
            name.iter().eq(self.words()) && parameters.contains(&rest.len()) && rest.iter().all(is_parameter)
        })
    }

    /// Runs it with `args` that match.
    pub(crate) fn run(&self, args: &[OsString]) -> Result<()> {
        (self.run)(&args[self.words().count()..])
    }

    pub(crate) fn usage(&self) -> String {
        let parameters = if self.kind == Kind::ScenarioOnFile { " [FILE]" } else { "" };
        format!("{}{parameters}", self.name)
    }
}
