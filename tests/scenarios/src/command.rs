//! What the arguments of a lesson's program can name: a scenario, or what a child process runs.

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::sync::Arc;

use anyhow::Result;
use signal_hook::{consts::SIGPIPE, flag};

/// Runs a command with its parameters.
type Run = Box<dyn Fn(&[OsString]) -> Result<()>>;

pub(crate) struct Command {
    /// One or more words, separated by spaces.
    pub(crate) name: &'static str,
    /// Empty for what a child process runs.
    pub(crate) about: &'static str,
    pub(crate) ends_on_sigpipe: bool,
    parameters: RangeInclusive<usize>,
    run: Run,
}

impl Command {
    /// Creates a command with this many `parameters`, which `run` gets.
    pub(crate) fn new(
        name: &'static str,
        parameters: RangeInclusive<usize>,
        run: impl Fn(&[OsString]) -> Result<()> + 'static,
    ) -> Self {
        Self { name, about: "", ends_on_sigpipe: true, parameters, run: Box::new(run) }
    }

    pub(crate) fn described(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.name.split_whitespace()
    }

    /// Returns whether `args` are this command's name and parameters. An option is not a parameter.
    pub(crate) fn matches(&self, args: &[OsString]) -> bool {
        let is_parameter = |arg: &OsString| !arg.is_empty() && !arg.as_encoded_bytes().starts_with(b"-");
        args.split_at_checked(self.words().count()).is_some_and(|(name, parameters)| {
            name.iter().eq(self.words())
                && self.parameters.contains(&parameters.len())
                && parameters.iter().all(is_parameter)
        })
    }

    /// Runs it with `args` that match.
    pub(crate) fn run(&self, args: &[OsString]) -> Result<()> {
        if self.ends_on_sigpipe {
            flag::register_conditional_shutdown(SIGPIPE, 0, Arc::new(true.into()))?;
        }
        (self.run)(&args[self.words().count()..])
    }

    pub(crate) fn runs_by_default(&self) -> bool {
        !self.about.is_empty() && self.parameters == (0..=0)
    }

    pub(crate) fn usage(&self) -> String {
        if self.parameters == (0..=1) { format!("{} [FILE]", self.name) } else { self.name.to_owned() }
    }
}
