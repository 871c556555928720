//! The command line: what can be asked for, and what is said when it is asked for wrongly.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser};

use crate::strategies::Strategy;

/// A longer latency than anybody wants to sit through forty times.
const LONGEST_LATENCY: u64 = 10_000;

/// More threads than one site will ever answer to.
const MOST_JOBS: u64 = 256;

/// Downloads the images of a gallery: one after the other, a process for each, a thread for each, a pool of threads, or
/// pages and images side by side.
///
/// Without --url, the gallery is one of its own, on this machine. Of any other site it asks little at a time, and what its
/// robots.txt allows. The exit status is 0 when every image is there, 1 when something failed, 2 for a wrong command line,
/// and 128 and the number of the signal that stopped it, so 130 for Ctrl-C.
#[derive(Debug, Clone, Parser)]
#[command(name = "spider-compare", allow_negative_numbers = true)]
pub struct Arguments {
    /// sequential, process, thread, pool or overlap; without one, all five in this order, and their figures side by side
    pub strategy: Option<Strategy>,

    /// Another site's listing page, http or https, instead of the local gallery
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,

    /// How many pages of the listing, 1 to 1000000
    #[arg(long, value_name = "COUNT", default_value = "1", value_parser = count)]
    pub pages: usize,

    /// Where the images go, in a folder for each strategy if several run; what is there already is not downloaded again
    /// [default: a temporary folder, removed at the end]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,

    /// How many threads, for pool and overlap, 1 to 256; of another site, at most 4 at once [default: 8 and 32]
    #[arg(long, value_name = "COUNT", value_parser = jobs)]
    pub jobs: Option<usize>,

    /// How long one request may take as a whole, 0.001 to 3600
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = timeout)]
    pub timeout: Duration,

    /// How often a request is tried again that failed for a reason that passes: connection refused or lost,
    /// 408, 429, 5xx; 0 to 10
    #[arg(long, value_name = "COUNT", default_value = "2", value_parser = retries)]
    pub retries: u32,

    /// Treat a site on this machine as a stranger's too: little at a time, pauses, robots.txt
    #[arg(long)]
    pub polite: bool,

    /// Print no lines, but one JSON object with every figure at the end
    #[arg(long)]
    pub json: bool,

    /// How long the local gallery waits before each answer, 0 to 10000
    #[arg(long, value_name = "MILLISECONDS", default_value = "50", value_parser = milliseconds, conflicts_with = "url")]
    pub latency: Duration,

    /// How much longer the local gallery waits on a new connection, 0 to 10000
    #[arg(long, value_name = "MILLISECONDS", default_value = "0", value_parser = milliseconds, conflicts_with = "url")]
    pub connect: Duration,

    /// How many bytes a second the local gallery sends over all connections together, 1000 or more; 20000000 is worth a
    /// look [default: as many as it can]
    #[arg(long, value_name = "BYTES", value_parser = bandwidth, conflicts_with = "url")]
    pub bandwidth: Option<u64>,

    /// How many pictures the local gallery has, 20 a page, 1 to 1000000
    #[arg(long, value_name = "COUNT", default_value = "24", value_parser = count, conflicts_with = "url")]
    pub pictures: usize,

    /// How many bytes each of its pictures has, 2000 to 33554432 [default: 562500 to 657500]
    #[arg(long, value_name = "BYTES", value_parser = size, conflicts_with = "url")]
    pub size: Option<usize>,

    /// What a child process gets from its parent.
    #[arg(long, hide = true, allow_hyphen_values = true, exclusive = true, num_args = 2)]
    pub download_one: Option<Vec<OsString>>,

    /// What the local gallery's process gets from its parent.
    #[arg(long, hide = true, allow_hyphen_values = true, exclusive = true)]
    pub serve_gallery: Option<String>,
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

/// A number from `least` to `most`, or what is wrong.
fn number(text: &str, least: u64, most: u64, of_what: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("takes {of_what}, {least} to {most}, not {text:?}"))
}

fn milliseconds(text: &str) -> Result<Duration, String> {
    number(text, 0, LONGEST_LATENCY, "milliseconds").map(Duration::from_millis)
}

fn timeout(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.001..=3_600.0).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| format!("takes seconds, 0.001 to 3600, not {text:?}"))
}

fn count(text: &str) -> Result<usize, String> {
    number(text, 1, 1_000_000, "a number").and_then(in_memory)
}

fn jobs(text: &str) -> Result<usize, String> {
    number(text, 1, MOST_JOBS, "a number of threads").and_then(in_memory)
}

fn size(text: &str) -> Result<usize, String> {
    number(text, 2_000, 32 << 20, "a number of bytes").and_then(in_memory)
}

fn bandwidth(text: &str) -> Result<u64, String> {
    number(text, 1_000, 1 << 40, "bytes a second")
}

fn retries(text: &str) -> Result<u32, String> {
    let retries = number(text, 0, 10, "a number")?;
    u32::try_from(retries).map_err(|error| error.to_string())
}

fn in_memory(number: u64) -> Result<usize, String> {
    usize::try_from(number).map_err(|error| error.to_string())
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
    let option = |kind| word(kind).split(' ').next().unwrap_or_default().to_owned();
    Refusal::Wrong(match (error.kind(), said) {
        (ErrorKind::ValueValidation, Some(said)) if word(ContextKind::InvalidArg).starts_with("--") => {
            format!("{} {said}", option(ContextKind::InvalidArg))
        }
        (ErrorKind::ValueValidation, Some(said)) => said,
        (ErrorKind::UnknownArgument, _) => {
            format!("no argument {:?}; --help lists what there is", word(ContextKind::InvalidArg))
        }
        (ErrorKind::ArgumentConflict, _) if is_repeated(error) => {
            format!("{} is given twice; give it once", word(ContextKind::InvalidArg))
        }
        (ErrorKind::ArgumentConflict, _) => {
            let both = [option(ContextKind::InvalidArg), option(ContextKind::PriorArg)];
            match both.iter().find(|one| one.starts_with("--") && *one != "--url") {
                Some(of_the_gallery) if both.iter().any(|one| one == "--url") => {
                    format!("{of_the_gallery} is that of the local gallery; leave it out, or leave --url out")
                }
                _ => first_line(error),
            }
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
        assert_eq!(wrong("x"), "no strategy \"x\"; there are sequential, process, thread, pool and overlap");
        assert_eq!(wrong("--nothing"), "no argument \"--nothing\"; --help lists what there is");
        assert_eq!(wrong("thread process"), "no argument \"process\"; --help lists what there is");
        assert_eq!(wrong("--latency soon"), "--latency takes milliseconds, 0 to 10000, not \"soon\"");
        assert_eq!(wrong("--latency 10001"), "--latency takes milliseconds, 0 to 10000, not \"10001\"");
        for option in ["--latency 5", "--connect 5", "--bandwidth 5000", "--pictures 5", "--size 5000"] {
            let name = option.split(' ').next().unwrap();
            let why = wrong(&format!("--url http://a.example/ {option}"));
            assert!(why.starts_with(&format!("{name} is that of the local gallery")), "{why}");
        }
        assert_eq!(wrong("--jobs 0"), "--jobs takes a number of threads, 1 to 256, not \"0\"");
        assert_eq!(wrong("--timeout never"), "--timeout takes seconds, 0.001 to 3600, not \"never\"");
        assert_eq!(wrong("--retries -1"), "--retries takes a number, 0 to 10, not \"-1\"");
        assert_eq!(wrong("--latency 1 --latency 2"), "--latency <MILLISECONDS> is given twice; give it once");
        assert_eq!(wrong("--out a --out b"), "--out <FOLDER> is given twice; give it once");
        for line in ["--url", "--latency", "--out", "--download-one a", "-x"] {
            assert!(!wrong(line).contains('\n'), "{line}");
        }
    }

    #[test]
    fn the_help_names_every_option_but_the_childrens() {
        let Err(Refusal::Help(help)) = read("--help") else { panic!("no help") };
        for option in Arguments::command().get_opts().filter(|option| !option.is_hide_set()) {
            let name = format!("--{}", option.get_long().unwrap());
            assert!(help.contains(&name), "{name} is missing in:\n{help}");
        }
        for strategy in Strategy::ALL {
            assert!(help.contains(strategy.name()), "{strategy} is missing in:\n{help}");
        }
        assert!(!help.contains("download-one") && !help.contains("serve-gallery"));
    }
}
