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
//! When standard output is closed (`| head -1`), `println!` ends the process quietly, with status 0; [`print_line`] lets
//! it run on. What the program does at a signal is in [`process_groups::signals`].

mod command;
mod output;
mod process;

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;
use std::{array, env};

use anyhow::Result;
use process_groups::signals::end_with_parent;

use command::{Command, Kind};
use output::{dimmed, end_when_println_fails, print_to_stderr};
use process::{CTRL_C, Failed};

pub use output::print_line;
pub use process::Process;
pub use process_groups::temporary::{temporary_folder, uninterrupted};

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

    /// Adds a scenario; `about` describes it in the help and in its heading.
    #[must_use]
    pub fn scenario<T: Outcome + 'static>(
        self,
        name: &'static str,
        about: &'static str,
        run: fn() -> T,
    ) -> Self {
        self.push(Command::new(Kind::Scenario, name, about, move |_| run().into_result()))
    }

    /// Adds the only scenario of a lesson: its program takes no arguments. `about` describes it in the help.
    #[must_use]
    pub fn only_scenario<T: Outcome + 'static>(self, about: &'static str, run: fn() -> T) -> Self {
        self.push(Command::new(Kind::OnlyScenario, "", about, move |_| run().into_result()))
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
        self.push(Command::new(Kind::ScenarioOnFile, name, about, run))
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
        self.push(Command::new(Kind::Child(N), name, "", run))
    }

    fn push(mut self, command: Command) -> Self {
        self.commands.push(command);
        self
    }

    /// Runs what the program's arguments name, and returns its exit status.
    #[must_use]
    pub fn run(&self) -> ExitCode {
        end_with_parent();
        end_when_println_fails();
        let args: Vec<_> = env::args_os().skip(1).collect();
        let outcome = if args.iter().any(|arg| arg == "-h" || arg == "--help") {
            print!("{}", self.help());
            Ok(())
        } else if let Some(command) = self.commands.iter().find(|command| command.matches(&args)) {
            command.run(&args)
        } else if args.is_empty() {
            self.run_all()
        } else {
            print_to_stderr(format_args!("error: {}", self.unknown_scenario_message(&args)));
            return ExitCode::from(2);
        };
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            // The signal has reached this process too: it is no failure to report.
            Err(error) if error.downcast_ref().is_some_and(Failed::is_by_ctrl_c) => {
                ExitCode::from(u8::try_from(128 + CTRL_C).unwrap_or(u8::MAX))
            }
            Err(error) => {
                print_to_stderr(format_args!("error: {error:#}"));
                ExitCode::FAILURE
            }
        }
    }

    /// Runs each scenario in a process of its own: a daemon thread, for example, ends only with its process.
    fn run_all(&self) -> Result<()> {
        for scenario in self.default_scenarios() {
            print_to_stderr(dimmed(&format!("== {}: {}", scenario.name, scenario.about)));
            let mut program = std::process::Command::new(env::current_exe()?);
            let status = Process::start(program.args(scenario.words()))?.wait()?;
            Failed::check(status, || scenario.name.to_owned())?;
        }
        Ok(())
    }

    fn unknown_scenario_message(&self, args: &[OsString]) -> String {
        let args = args.join(OsStr::new(" "));
        let args = args.to_string_lossy();
        if self.only().is_some() {
            return format!("unexpected argument {args:?}: {} takes no arguments", self.name);
        }
        let scenarios: Vec<_> = self.scenarios().map(Command::usage).collect();
        format!("no scenario {args:?}; the scenarios are {} (see --help)", scenarios.join(", "))
    }

    fn help(&self) -> String {
        let scenarios = if let Some(only) = self.only() {
            format!("\n\nIts only scenario: {}.\n", only.about)
        } else {
            let width = self.scenarios().map(|scenario| scenario.usage().len()).max().unwrap_or_default();
            let lines = self
                .scenarios()
                .map(|scenario| format!("  {:width$}  {}\n", scenario.usage(), scenario.about));
            let lines: String = lines.collect();
            let default: Vec<_> = self.default_scenarios().map(|scenario| scenario.name).collect();
            let all = if default.len() == self.scenarios().count() { "all of them: " } else { "" };
            let default = default.join(", ");
            format!(" [SCENARIO]\n\nScenarios:\n{lines}\nWithout a scenario, it runs {all}{default}.\n")
        };
        format!("Usage: {}{scenarios}\nOptions:\n  -h, --help  Print this help\n", self.name)
    }

    fn only(&self) -> Option<&Command> {
        self.commands.iter().find(|command| command.kind == Kind::OnlyScenario)
    }

    fn default_scenarios(&self) -> impl Iterator<Item = &Command> {
        self.commands.iter().filter(|command| command.kind == Kind::Scenario)
    }

    /// Returns what the help lists.
    fn scenarios(&self) -> impl Iterator<Item = &Command> {
        self.commands.iter().filter(|command| !matches!(command.kind, Kind::Child(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson() -> Lesson {
        Lesson::new("lesson").only_scenario("a thread greets", || ())
    }

    #[test]
    fn the_help_of_a_lesson_with_one_scenario_does_not_ask_for_a_scenario() {
        let expected = "Usage: lesson\n\nIts only scenario: a thread greets.\n\nOptions:\n  -h, --help  Print this help\n";
        assert_eq!(lesson().help(), expected);
    }

    #[test]
    fn a_lesson_with_one_scenario_refuses_every_argument() {
        let message = "unexpected argument \"nonsense more\": lesson takes no arguments";
        assert_eq!(lesson().unknown_scenario_message(&["nonsense".into(), "more".into()]), message);
    }
}
