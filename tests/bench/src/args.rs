//! The options that all benchmarks have.

use std::io::{self, Write};
use std::num::NonZeroUsize;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

/// The options of a benchmark, to be flattened into a [`clap::Parser`].
#[derive(Debug, Clone, Default, Args)]
pub struct BenchArgs {
    /// Print every result as JSON
    #[arg(long)]
    pub json: bool,

    /// Measure little: shows whether the benchmark works, not how fast anything is
    #[arg(long)]
    pub quick: bool,

    /// Number of rounds [default: chosen by the benchmark]
    #[arg(long, value_name = "COUNT")]
    pub rounds: Option<NonZeroUsize>,

    /// Added by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

impl BenchArgs {
    /// Returns the number of rounds: that of `--rounds`, or else `quick` with `--quick` and `full` without it.
    #[must_use]
    pub fn rounds(&self, full: usize, quick: usize) -> usize {
        let default = if self.quick { quick } else { full };
        self.rounds.map_or(default, NonZeroUsize::get)
    }

    /// Prints `report` as JSON with `--json`, and the text without it.
    ///
    /// # Errors
    /// If `report` has no JSON form, or standard output cannot be written to.
    pub fn print(&self, report: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
        let text = if self.json { serde_json::to_string_pretty(report)? } else { text() };
        Ok(writeln!(io::stdout(), "{}", text.trim_end())?)
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args as _, Command, FromArgMatches};

    use super::*;

    fn parse(line: &str) -> Result<BenchArgs, clap::Error> {
        let command = BenchArgs::augment_args(Command::new("bench").no_binary_name(true));
        BenchArgs::from_arg_matches(&command.try_get_matches_from(line.split_whitespace())?)
    }

    #[test]
    fn what_cargo_adds_is_accepted_and_an_unknown_option_is_not() {
        let args = parse("--bench --json").expect("the arguments are valid");
        assert!(args.json && !args.quick);
        assert!(parse("--fast").is_err());
    }

    #[test]
    fn rounds_on_the_command_line_override_the_benchmark_s_own() {
        let rounds = |line| parse(line).expect("the arguments are valid").rounds(9, 2);
        assert_eq!(["", "--quick", "--rounds 4", "--quick --rounds 4"].map(rounds), [9, 2, 4, 4]);
        assert!(parse("--rounds 0").is_err());
    }
}
