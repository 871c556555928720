//! The command line of a lesson. Its `main` lists its scenarios, and what its child processes run:
//!
//! ```no_run
//! # fn thread_main() {}
//! # fn process_main() -> anyhow::Result<()> { Ok(()) }
//! # fn task(name: &str) {}
//! fn main() -> std::process::ExitCode {
//!     scenarios::Lesson::new("tasks")
//!         .scenario("thread", "a thread runs the task", thread_main)
//!         .scenario("process", "a child process runs the task", process_main)
//!         .child("task", |[name]| task(name)) // `tasks task silence`
//!         .run()
//! }
//! ```
//!
//! `tasks thread` runs one scenario. `tasks` runs all of them in order, each in a process of its own, with a heading on
//! standard error. `tasks --help` lists them. The exit status is 1 after an error, and 2 if there is no such scenario.
//! When standard output is closed (`| head -1`), a scenario ends quietly, with status 0.

mod command;
mod process;

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::{array, env};

use anyhow::{Result, ensure};

use command::Command;
pub use process::Process;

/// What a scenario returns: nothing or a result.
pub trait Outcome {
    /// Returns it as a result.
    ///
    /// # Errors
    /// The error of the scenario.
    fn into_result(self) -> Result<()>;
}

impl Outcome for () {
    fn into_result(self) -> Result<()> {
        Ok(())
    }
}

impl<E: Into<anyhow::Error>> Outcome for Result<(), E> {
    fn into_result(self) -> Result<()> {
        self.map_err(Into::into)
    }
}

/// The program of a lesson.
pub struct Lesson {
    name: &'static str,
    commands: Vec<Command>,
}

impl Lesson {
    /// Creates a lesson without scenarios.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self { name, commands: Vec::new() }
    }

    /// Adds a scenario; `about` describes it in the help and in its heading. With the name `""` it is the only one:
    /// the program takes no arguments.
    #[must_use]
    pub fn scenario<T: Outcome + 'static>(
        self,
        name: &'static str,
        about: &'static str,
        run: fn() -> T,
    ) -> Self {
        self.with(Command::new(name, 0..=0, move |_| run().into_result()).described(about))
    }

    /// Adds a scenario that takes the path of a file, or else `default`. It runs only if it is named.
    #[must_use]
    pub fn scenario_on_file<T: Outcome + 'static>(
        self,
        name: &'static str,
        about: &'static str,
        default: &'static str,
        run: fn(&Path) -> T,
    ) -> Self {
        let run =
            move |args: &[OsString]| run(args.first().map_or(Path::new(default), Path::new)).into_result();
        self.with(Command::new(name, 0..=1, run).described(about))
    }

    /// Adds what a child process runs when this program is started again with `name` and `N` more arguments.
    #[must_use]
    pub fn child<const N: usize, T: Outcome>(
        self,
        name: &'static str,
        run: impl Fn([&str; N]) -> T + 'static,
    ) -> Self {
        let run = move |args: &[OsString]| {
            let args: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
            run(array::from_fn(|index| &*args[index])).into_result()
        };
        self.with(Command::new(name, N..=N, run))
    }

    /// Lets the scenario added last run on when standard output is closed: it has a child to wait for, or a file to
    /// save. It must not use `println!`, which panics then.
    #[must_use]
    pub fn ignoring_sigpipe(mut self) -> Self {
        if let Some(last) = self.commands.last_mut() {
            last.ends_on_sigpipe = false;
        }
        self
    }

    fn with(mut self, command: Command) -> Self {
        self.commands.push(command);
        self
    }

    /// Runs what the program's arguments name, and returns its exit status.
    #[must_use]
    pub fn run(&self) -> ExitCode {
        let args: Vec<_> = env::args_os().skip(1).collect();
        let outcome = if args.iter().any(|arg| arg == "-h" || arg == "--help") {
            // `println!` panics if standard output was closed.
            let _ = io::stdout().write_all(self.help().as_bytes());
            Ok(())
        } else if let Some(command) = self.commands.iter().find(|command| command.matches(&args)) {
            command.run(&args)
        } else if args.is_empty() {
            self.run_all()
        } else {
            print_to_stderr(&format!("error: {}", self.unknown(&args)));
            return ExitCode::from(2);
        };
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                print_to_stderr(&format!("error: {error:#}"));
                ExitCode::FAILURE
            }
        }
    }

    /// Runs each scenario in a process of its own: a daemon thread, for example, ends only with its process.
    fn run_all(&self) -> Result<()> {
        for scenario in self.by_default() {
            print_to_stderr(&dimmed(&format!("== {}: {}", scenario.name, scenario.about)));
            let status = std::process::Command::new(env::current_exe()?).args(scenario.words()).status()?;
            ensure!(status.success(), "{} failed: {status}", scenario.name);
        }
        Ok(())
    }

    fn unknown(&self, args: &[OsString]) -> String {
        let args = args.join(OsStr::new(" "));
        let args = args.to_string_lossy();
        let scenarios: Vec<_> = self.listed().map(Command::usage).collect();
        if scenarios == [""] {
            return format!("unexpected argument {args:?}: {} takes no arguments", self.name);
        }
        format!("no scenario {args:?}; the scenarios are {} (see --help)", scenarios.join(", "))
    }

    fn help(&self) -> String {
        let all: Vec<_> = self.by_default().map(|scenario| scenario.name).collect();
        let scenarios = if all == [""] {
            self.by_default()
                .map(|scenario| format!("\n\nIts only scenario: {}.\n", scenario.about))
                .collect()
        } else {
            let width = self.listed().map(|command| command.usage().len()).max().unwrap_or_default();
            let lines =
                self.listed().map(|command| format!("  {:width$}  {}\n", command.usage(), command.about));
            let lines: String = lines.collect();
            format!(" [SCENARIO]\n\nScenarios:\n{lines}\nWithout a scenario, it runs {}.\n", all.join(", "))
        };
        format!("Usage: {}{scenarios}\nOptions:\n  -h, --help  Print this help\n", self.name)
    }

    fn by_default(&self) -> impl Iterator<Item = &Command> {
        self.commands.iter().filter(|command| command.runs_by_default())
    }

    fn listed(&self) -> impl Iterator<Item = &Command> {
        self.commands.iter().filter(|command| !command.about.is_empty())
    }
}

fn print_to_stderr(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Returns `text` in the terminal's faint style, if standard error is a terminal and colours are not switched off.
fn dimmed(text: &str) -> String {
    let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if io::stderr().is_terminal() && !no_color { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson() -> Lesson {
        Lesson::new("lesson").scenario("", "a thread greets", || ())
    }

    #[test]
    fn the_help_of_a_lesson_with_one_scenario_does_not_ask_for_a_scenario() {
        let expected = "Usage: lesson\n\nIts only scenario: a thread greets.\n\nOptions:\n  -h, --help  Print this help\n";
        assert_eq!(lesson().help(), expected);
    }

    #[test]
    fn a_lesson_with_one_scenario_refuses_every_argument() {
        let message = "unexpected argument \"nonsense more\": lesson takes no arguments";
        assert_eq!(lesson().unknown(&["nonsense".into(), "more".into()]), message);
    }
}
