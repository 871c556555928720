//! Runs a lesson's program as its tests want it: alone, in a known environment, never for ever.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::run::process_group::{self, Ended, Group};

/// Far longer than any lesson takes under load, far shorter than a person's patience with a hung test.
const LIMIT: Duration = Duration::from_secs(60);

/// What a program gets beside what the test gives it: without `PATH` it could start nothing, and `TMPDIR` says where
/// temporary files belong. Everything else (`RUST_BACKTRACE`, proxies, languages) would make runs differ.
const KEPT_VARIABLES: [&str; 2] = ["PATH", "TMPDIR"];

/// A program to be run in a cleaned environment, with an empty standard input and a time limit.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
    args: Vec<OsString>,
    folder: Option<PathBuf>,
    typed: Vec<u8>,
    reader: bool,
    limit: Duration,
}

/// What a run printed, and how it ended.
#[derive(Debug, Clone)]
pub struct Run {
    /// Standard output and standard error in their real interleaving.
    pub output: String,
    /// How the program ended.
    pub status: ExitStatus,
}

impl Run {
    /// The lines of [`Run::output`].
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.output.lines()
    }
}

impl Program {
    /// The program at `path`: in a lesson's tests, `env!("CARGO_BIN_EXE_…")`.
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            args: Vec::new(),
            folder: None,
            typed: Vec::new(),
            reader: true,
            limit: LIMIT,
        }
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds several arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(self, args: impl IntoIterator<Item = A>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    /// Runs it in `folder` instead of the test's own.
    #[must_use]
    pub fn in_folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.folder = Some(folder.as_ref().to_owned());
        self
    }

    /// Gives it `typed` as its standard input, through a pipe.
    #[must_use]
    pub fn type_in(mut self, typed: impl Into<Vec<u8>>) -> Self {
        self.typed = typed.into();
        self
    }

    /// Lets nobody read its standard output, as after `| head -1`; [`Run::output`] is its standard error alone.
    #[must_use]
    pub fn without_reader(mut self) -> Self {
        self.reader = false;
        self
    }

    /// The same, started by another program: `words`, and after them its own path and arguments.
    pub(crate) fn through<A: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = A>) -> Self {
        let words = words.into_iter().map(|word| word.as_ref().to_owned());
        let mut words = words.chain([self.path.clone().into()]).chain(self.args.iter().cloned());
        let path = words.next().unwrap_or_default().into();
        Self { path, args: words.collect(), ..self.clone() }
    }

    /// Sets another time limit than a minute.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs it to its end, whatever its exit status.
    ///
    /// # Panics
    /// A test's failure, with all that was printed: it could not be started, ran into the time limit, printed something
    /// that is not UTF-8, or left a process behind.
    #[must_use]
    pub fn run(&self) -> Run {
        let ended = self.end();
        Run { output: String::from_utf8_lossy(&ended.output).into_owned(), status: ended.status }
    }

    /// As [`Program::run`]: each line, and when it came, since the start.
    ///
    /// # Panics
    /// As [`Program::run`].
    #[must_use]
    pub fn run_timed(&self) -> Vec<(Duration, String)> {
        let ended = self.end();
        let output = String::from_utf8_lossy(&ended.output);
        ended.times.into_iter().zip(output.lines().map(str::to_owned)).collect()
    }

    /// Runs it so often, twice as many at once as there are cores, and twenty-five at least: in each other's way, and in an
    /// order that the system is free to choose.
    ///
    /// # Panics
    /// As [`Program::run`].
    #[must_use]
    pub fn run_under_load(&self, count: usize) -> Vec<Run> {
        let at_once = thread::available_parallelism().map_or(0, |cores| 2 * cores.get()).max(25).min(count);
        let started = AtomicUsize::new(0);
        let worker = || {
            let mut runs = Vec::new();
            while started.fetch_add(1, Ordering::Relaxed) < count {
                runs.push(self.run());
            }
            runs
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..at_once).map(|_| scope.spawn(worker)).collect();
            workers
                .into_iter()
                .flat_map(|worker| worker.join().expect("every run is as it should be"))
                .collect()
        })
    }

    fn end(&self) -> Ended {
        let ended = self
            .start()
            .and_then(|group| group.finish(self.limit))
            .unwrap_or_else(|error| panic!("{self} cannot be run: {error}"));
        let output = String::from_utf8_lossy(&ended.output);
        assert!(!ended.timed_out, "{self} had not ended after {:?}; it had printed:\n{output}", self.limit);
        assert!(
            ended.orphans.is_empty(),
            "{self} left a process behind: {}; it had printed:\n{output}",
            ended.orphans.join(", ")
        );
        assert!(
            std::str::from_utf8(&ended.output).is_ok(),
            "{self} printed something that is not UTF-8:\n{output}"
        );
        ended
    }

    pub(crate) fn start(&self) -> std::io::Result<Group> {
        let mut command = Command::new(&self.path);
        command.args(&self.args).env_clear();
        for name in KEPT_VARIABLES {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command.stdin(self.standard_input()?);
        if self.reader {
            return Group::start(command);
        }
        Group::start_without_reader(command)
    }

    fn standard_input(&self) -> std::io::Result<Stdio> {
        if self.typed.is_empty() {
            return Ok(Stdio::null());
        }
        let (reader, mut writer) = process_group::pipe()?;
        let typed = self.typed.clone();
        // A program may end before it has read everything: that is its own affair.
        thread::spawn(move || {
            let _ = writer.write_all(&typed);
        });
        Ok(reader.into())
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        write!(f, "`{}", name.to_string_lossy())?;
        for arg in &self.args {
            write!(f, " {}", arg.to_string_lossy())?;
        }
        write!(f, "`")
    }
}
