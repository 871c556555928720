//! The command line of `cargo xtask`: every command, and every argument it takes.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use launcher::flags::RunAll;

use crate::record::KINDS;

/// Commands for the course.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask")]
pub struct Flags {
    /// The command to run.
    #[command(subcommand)]
    pub command: Command,
}

/// A command and its arguments.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "each variant is documented by its arguments, which clap shows as its help")]
pub enum Command {
    RunAll(RunAll),
    /// List the lessons with their one-line descriptions
    List,
    Lanes(Lanes),
    Waterfall(Waterfall),
    Orders(Orders),
    Play(Play),
    Try(Try),
    Exercise(Exercise),
    Measure(Measure),
    Review(Review),
    /// Run all tests as `cargo test --workspace` does, but in less time
    Test,
    Readme(Readme),
    Book(Book),
    New(New),
}

/// Draw a run of a lesson as time lanes, a column for each thread or process
///
/// If `python3` is found, the run of the lesson's Python counterpart comes first.
///
/// Exit status: 0 on success; 1 if a run failed or the picture cannot be written; 2 for an invalid argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Lanes {
    /// The lesson to run
    #[arg(value_name = "LESSON")]
    pub lesson: String,

    /// Its scenario to run [default: all, one after the other]
    #[arg(value_name = "SCENARIO")]
    pub scenario: Option<String>,

    /// Write a picture to FILE instead of printing
    #[arg(long, value_name = "FILE", conflicts_with = "width")]
    pub svg: Option<PathBuf>,

    /// The maximum width [default: the width of the terminal, or 100]
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..))]
    pub width: Option<u16>,
}

/// Draw the requests of spider-compare over time, a panel for each strategy
///
/// Without TRACE, it builds spider-compare in release mode, runs all strategies with the built-in gallery, and draws that
/// run.
///
/// Exit status: 0 on success; 1 if the run failed or a file cannot be read or written; 2 for an invalid argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Waterfall {
    /// The trace to draw, written by `spider-compare --trace TRACE` [default: that of a new run]
    #[arg(value_name = "TRACE")]
    pub trace: Option<PathBuf>,

    /// The file to write the picture to
    #[arg(long, value_name = "FILE")]
    pub svg: PathBuf,

    /// The latency of the gallery in a new run, 0 to 10000
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 50, conflicts_with = "trace")]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub latency: u32,
}

/// Print what the lessons guarantee: the order of their lines, and their possible outputs
///
/// Runs the tests first, which derive the guarantees from the code (a minute or more), unless --stored is given.
///
/// Exit status: 0 on success; 1 if a test fails or the stored guarantees are out of date; 2 for an invalid argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Orders {
    /// The lessons [default: all]
    #[arg(value_name = "LESSON")]
    pub lessons: Vec<String>,

    /// Print the stored guarantees, without deriving them from the code
    #[arg(long)]
    pub stored: bool,

    /// List the possible outputs of the scenarios and mistakes instead, numbered for `cargo xtask play --output`
    #[arg(long, conflicts_with = "stored")]
    pub list: bool,
}

/// Choose which thread or process takes the next step
///
/// Plays a scenario of a lesson, one of its mistakes, or one of its exercises: your copy, if there is one. If standard
/// input or standard output is not a terminal, it is played line by line: the choices that are given, or the commands on
/// standard input.
///
/// Exit status: 0 on success; 1 if one of the choices that are given is not possible or the program does not compile; 2 for an invalid argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Play {
    /// The lesson
    #[arg(value_name = "LESSON")]
    pub lesson: String,

    /// One of its scenarios, a program in its wrong/, or one of its exercises [default: its first scenario]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,

    /// Begin with these choices: '0*5,1' is five steps of actor 0 (main) and then one of actor 1
    #[arg(long, value_name = "CHOICES", conflicts_with = "output")]
    pub choices: Option<String>,

    /// Begin with the choices that print output N of `cargo xtask orders --list`
    #[arg(long, value_name = "N")]
    pub output: Option<NonZeroUsize>,

    /// The goal to reach: one of the page's, "deadlock", or lines to print, separated by " / "
    #[arg(long, value_name = "GOAL")]
    pub goal: Option<String>,
}

/// Compare the guarantees of the lessons with those of a git revision
///
/// The tests derive the guarantees of the working tree from its code, which takes a minute. They are compared with
/// those that the revision stores. With --stored, the stored guarantees of the working tree are compared instead: that
/// is quick, but shows a change only after you have run its tests and accepted the snapshots.
///
/// It also compares what real runs print, and the rules in tests/lesson/actors.toml, and names all other snapshots that
/// have changed. The last line names the scenarios of which not every schedule was run.
///
/// If the revision stores no guarantees, a note says so and every scenario is new.
///
/// Exit status: 0 on success; 1 if a test fails, a snapshot is broken, or the revision is unknown or stores guarantees
/// only as text, as old revisions do; 2 for an invalid argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Review {
    /// The git revision to compare with
    #[arg(value_name = "REVISION", default_value = "HEAD")]
    pub revision: String,

    /// Compare the stored guarantees, without deriving them from the code
    #[arg(long)]
    pub stored: bool,
}

/// Measure, on this machine, every figure that the pages show
///
/// start         starting a thread or a process, and joining it
/// memory        the memory of a waiting thread or process
/// cpu           whether two threads or processes compute faster than one
/// counter       two threads that increment one counter
/// coincidences  how often real runs show an order that is not guaranteed
/// mistakes      how often the programs in wrong/ show their mistake
/// connection    the benchmark of pipe-ipc
/// spider        the benchmark of spider-compare
///
/// Measuring everything takes less than four minutes once the programs are built. Python is measured too if `python3`
/// is found.
///
/// If other programs use more than a fifth of the CPU time before or after a step, it warns that the figures are not
/// reliable, and does not write them.
///
/// Exit status: 0 on success; 1 if a benchmark or a test fails, the machine is too busy for --write, or a page cannot be
/// written; 2 for an invalid argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Measure {
    /// What to measure [default: everything]
    #[arg(value_name = "KIND", value_parser = KINDS)]
    pub kinds: Vec<String>,

    /// Measure for about forty seconds, as a check that it works; the figures are not reliable
    #[arg(long)]
    pub quick: bool,

    /// Print all figures as one JSON object
    #[arg(long)]
    pub json: bool,

    /// Replace the recorded figures in docs/measured.json and on the pages
    #[arg(long)]
    pub write: bool,
}

/// Update the code, snapshots and figures that the pages include
///
/// Exit status: 0 on success; 1 if something that a page includes does not exist, or, with --check, if something is out
/// of date; 2 for an invalid argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Readme {
    /// List what is out of date, without changing it
    #[arg(long)]
    pub check: bool,
}

/// Build all pages as a book, with mdBook
///
/// The Chinese edition needs mdbook-i18n-helpers, too. Its first page is also written to docs/README.zh-CN.md.
///
/// Exit status: 0 on success; 1 if a link leads nowhere, a tool is missing or fails, or the translation is broken; 2 for an
/// invalid argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Book {
    /// Build this edition; the Chinese one stands beside the English one
    #[arg(long, default_value = "en")]
    pub language: Language,

    /// Instead of building, count what is translated into Chinese, and find what is broken
    #[arg(long, conflicts_with = "language")]
    pub check_translation: bool,
}

/// A language of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English
    #[value(name = "en")]
    English,
    /// Simplified Chinese
    #[value(name = "zh-CN")]
    Chinese,
}

/// Edit a copy of a lesson and see what each change does
///
/// The copy is in scratch/, which git ignores. Each time you save a file, the tests of the copy run and show how the
/// lesson's output and its guarantees have changed.
///
/// Exit status: 0 on success; 1 with --once if the copy does not compile; 2 for an invalid argument.
#[derive(Debug, Args)]
#[command(name = "try", verbatim_doc_comment)]
pub struct Try {
    /// The lesson to copy
    #[arg(value_name = "LESSON")]
    pub lesson: String,

    /// Run the tests once, without waiting for changes
    #[arg(long)]
    pub once: bool,

    /// Discard the existing copy and start with a new one
    #[arg(long)]
    pub again: bool,
}

/// Mend a program that goes wrong, until it is right under every schedule
///
/// Opens the exercise that you have opened last, or the next one if that is done. Your copy is in scratch/exercises/,
/// which git ignores. Each time you save it, it is compiled and run under every schedule. It is passed if each schedule
/// gives a permitted output and none hangs or fails.
///
/// Exit status: 0 on success; 1 with --once if it is not passed, with --solution before a try, or if your progress cannot
/// be read; 2 for an invalid argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
#[command(group = clap::ArgGroup::new("action").args(["list", "hint", "solution", "reset", "once"]))]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub struct Exercise {
    /// The exercise to open [default: the current one, or the next open one]
    #[arg(value_name = "NAME", conflicts_with_all = ["next", "list"])]
    pub name: Option<String>,

    /// Open the next exercise that is not done
    #[arg(long, conflicts_with_all = ["list", "reset"])]
    pub next: bool,

    /// List all exercises, and which are done
    #[arg(long)]
    pub list: bool,

    /// Show a second hint; the first one is at the head of the file
    #[arg(long)]
    pub hint: bool,

    /// Show how the solution differs from your copy, after at least one try
    #[arg(long)]
    pub solution: bool,

    /// Replace your copy by the file as given; your changes are kept in a file beside it
    #[arg(long, requires = "name")]
    pub reset: bool,

    /// Judge your copy once, without waiting for changes
    #[arg(long)]
    pub once: bool,
}

/// Create a lesson with one thread, a Python counterpart, tests and a page
///
/// The new lesson passes all checks. It comes after all other lessons; to move it, change `order` in its Cargo.toml.
///
/// Exit status: 0 on success; 1 if the lesson cannot be created, and then everything is as before; 2 for an invalid
/// argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct New {
    /// Its name: lowercase words joined by hyphens
    #[arg(value_name = "NAME", value_parser = lesson_name)]
    pub name: String,

    /// Its description, in one line
    #[arg(long, value_name = "LINE", default_value = "a thread is started and joined", value_parser = description)]
    pub about: String,
}

/// Modules that a Python program imports, itself or through others: a program `queue.py` would import itself instead.
const PYTHON_MODULES: &str = " collections contextlib functools io itertools logging multiprocessing operator os \
    pickle queue random signal socket subprocess sys tempfile threading time types ";

/// A name that a lesson can have, as far as cargo does not check it.
fn lesson_name(name: &str) -> Result<String, String> {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    };
    if !name.split('-').all(is_word) {
        return Err("use lowercase words joined by hyphens, such as `thread-basics`".to_owned());
    }
    // A longer one makes lines of the template too long.
    if name.len() > 18 {
        return Err("use at most 18 characters".to_owned());
    }
    if PYTHON_MODULES.contains(&format!(" {name} ")) {
        return Err("this is a Python module, which the lesson's Python program would shadow".to_owned());
    }
    Ok(name.to_owned())
}

/// A description that can be part of a manifest, a table and a title.
fn description(line: &str) -> Result<String, String> {
    if line.trim().is_empty() || line.trim() != line {
        return Err("it must not be empty or begin or end with a space".to_owned());
    }
    if line.chars().count() > 100 || line.contains(char::is_control) {
        return Err("use one line of at most 100 characters".to_owned());
    }
    if line.contains(['"', '\\', '|']) {
        return Err("it must not contain \", \\ or |".to_owned());
    }
    Ok(line.to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Flags::command().debug_assert();
    }

    #[test]
    fn help_shows_each_command_in_one_line_of_at_most_100_columns() {
        let help = Flags::command().render_help().to_string();
        for command in Flags::command().get_subcommands() {
            let name = command.get_name();
            let line = help.lines().find(|line| line.trim_start().starts_with(&format!("{name} ")));
            let about = command.get_about().expect("every command has a description").to_string();
            assert!(line.is_some_and(|line| line.ends_with(&about)), "{name} takes several lines:\n{help}");
        }
        assert!(help.lines().all(|line| line.len() <= 100), "{help}");
    }

    #[test]
    fn lowercase_words_joined_by_hyphens_are_a_name() {
        for name in ["kettle", "tea-kettle", "web2", "a-b-c"] {
            assert_eq!(lesson_name(name).as_deref(), Ok(name));
        }
    }

    #[test]
    fn other_names_are_rejected_with_the_reason() {
        let no_words =
            ["", "Kettle", "tea_kettle", "-kettle", "tea--kettle", "2teas", "té", "tea kettle", "a/b"];
        for name in no_words {
            assert!(lesson_name(name).unwrap_err().starts_with("use lowercase words"), "{name}");
        }
        assert!(lesson_name("kettle-of-fine-green-tea").unwrap_err().contains("18 characters"));
        assert!(lesson_name("threading").unwrap_err().contains("Python module"));
    }

    #[test]
    fn a_description_is_one_line_that_a_manifest_and_a_table_can_hold() {
        for line in ["a kettle boils", "一壶水", "what `join` returns"] {
            assert_eq!(description(line).as_deref(), Ok(line));
        }
        for line in ["", " tea", "two\nlines", "a \"kettle\"", "a | b", "back\\slash", &"tea ".repeat(40)] {
            assert!(description(line).is_err(), "{line}");
        }
    }
}
