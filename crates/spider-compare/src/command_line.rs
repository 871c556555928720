//! The command line: what can be asked for, and what is said when it is asked for wrongly.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser};

use crate::strategies::Strategy;

/// A longer latency than anybody wants to sit through forty times, and shorter than the spider's patience.
const LONGEST_LATENCY: u64 = 10_000;

/// Downloads the twenty images of a gallery: one after the other, a process for each, or a thread for each.
///
/// Without --url, the gallery is one of its own, on this machine.
#[derive(Debug, Clone, Parser)]
#[command(name = "spider-compare")]
pub struct Arguments {
    /// sequential, process or thread; without one, all three in this order, and their times side by side
    pub strategy: Option<Strategy>,

    /// Another site's listing page, http or https, instead of the local gallery
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,

    /// How long the local gallery waits before each answer
    #[arg(long, value_name = "MILLISECONDS", default_value = "50", value_parser = latency, conflicts_with = "url")]
    pub latency: Duration,

    /// Where the images go, in a folder for each strategy if several run; files of the same names are replaced
    /// [default: a temporary folder, removed at the end]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,

    /// What a child process gets from its parent.
    #[arg(long, hide = true, num_args = 3, allow_hyphen_values = true, exclusive = true)]
    pub download_one: Option<Vec<OsString>>,
}

/// Why there are no [`Arguments`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The help was asked for: this is it.
    Help(String),
    /// They are wrong, in this way: one line.
    Wrong(String),
}

impl Arguments {
    /// Reads a command line, whose first word is the program's own name.
    ///
    /// # Errors
    /// When it asks for the help, or is wrong.
    pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self, Refusal> {
        let matches = Self::command().try_get_matches_from(words);
        matches.and_then(|matches| Self::from_arg_matches(&matches)).map_err(|error| refusal(&error))
    }
}

fn latency(text: &str) -> Result<Duration, String> {
    let milliseconds = text.parse().ok().filter(|&milliseconds| milliseconds <= LONGEST_LATENCY);
    milliseconds
        .map(Duration::from_millis)
        .ok_or_else(|| format!("--latency takes milliseconds, 0 to {LONGEST_LATENCY}, not {text:?}"))
}

/// What is wrong, on one line: clap says it on several.
fn refusal(error: &clap::Error) -> Refusal {
    if error.kind() == ErrorKind::DisplayHelp {
        return Refusal::Help(error.to_string());
    }
    let word = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => word.clone(),
        _ => String::new(),
    };
    let said = std::error::Error::source(error).map(ToString::to_string);
    Refusal::Wrong(match (error.kind(), said) {
        (ErrorKind::ValueValidation, Some(said)) => said,
        (ErrorKind::UnknownArgument, _) => {
            format!("no argument {:?}; --help lists what there is", word(ContextKind::InvalidArg))
        }
        (ErrorKind::ArgumentConflict, _) if is_repeated(error) => {
            format!("{} is given twice; give it once", word(ContextKind::InvalidArg))
        }
        (ErrorKind::ArgumentConflict, _)
            if word(ContextKind::InvalidArg).starts_with("--latency")
                || word(ContextKind::PriorArg).starts_with("--latency") =>
        {
            "--latency is that of the local gallery; leave it out, or leave --url out".to_owned()
        }
        _ => first_line(error),
    })
}

/// Clap reports an option that is given twice as one that conflicts with itself.
fn is_repeated(error: &clap::Error) -> bool {
    error.get(ContextKind::InvalidArg) == error.get(ContextKind::PriorArg)
}

fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    format!("{}; --help lists what there is", line.trim_start_matches("error: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments, Refusal> {
        Arguments::read(["spider-compare"].into_iter().chain(line.split_whitespace()).map(OsString::from))
    }

    fn wrong(line: &str) -> String {
        match read(line) {
            Err(Refusal::Wrong(why)) => why,
            other => panic!("`{line}` gave {other:?}"),
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_strategy_is_read_by_its_name() {
        assert_eq!(read("").unwrap().strategy, None);
        for strategy in Strategy::ALL {
            assert_eq!(read(strategy.name()).unwrap().strategy, Some(strategy));
        }
    }

    #[test]
    fn the_latency_is_50_milliseconds_unless_told_otherwise() {
        assert_eq!(read("").unwrap().latency, Duration::from_millis(50));
        assert_eq!(read("--latency 0").unwrap().latency, Duration::ZERO);
    }

    #[test]
    fn what_is_wrong_is_said_on_one_line() {
        assert_eq!(wrong("x"), "no strategy \"x\"; there are sequential, process and thread");
        assert_eq!(wrong("--nothing"), "no argument \"--nothing\"; --help lists what there is");
        assert_eq!(wrong("thread process"), "no argument \"process\"; --help lists what there is");
        assert_eq!(wrong("--latency soon"), "--latency takes milliseconds, 0 to 10000, not \"soon\"");
        assert_eq!(wrong("--latency 10001"), "--latency takes milliseconds, 0 to 10000, not \"10001\"");
        assert!(wrong("--url http://a.example/ --latency 5").starts_with("--latency is that of the local"));
        assert_eq!(wrong("--latency 1 --latency 2"), "--latency <MILLISECONDS> is given twice; give it once");
        assert_eq!(wrong("--out a --out b"), "--out <FOLDER> is given twice; give it once");
        for line in ["--url", "--latency", "--out", "--download-one a b", "-x"] {
            assert!(!wrong(line).contains('\n'), "{line}");
        }
    }

    #[test]
    fn the_help_names_every_option_but_the_childrens() {
        let Err(Refusal::Help(help)) = read("--help") else { panic!("no help") };
        for word in ["--url", "--latency", "--out", "sequential", "process", "thread", "[default: 50]"] {
            assert!(help.contains(word), "{word} is missing in:\n{help}");
        }
        assert!(!help.contains("download-one"));
    }
}
