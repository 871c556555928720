//! Runs a program in a clean environment, with a time limit.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{panic, thread};

use crate::run::process_group::{self, Group};

/// Far longer than any lesson takes under load.
const LIMIT: Duration = Duration::from_secs(60);

/// The environment variables that a program inherits: without `PATH` it could start nothing, and `TMPDIR` is the place
/// for temporary files. All others (`RUST_BACKTRACE`, proxies, languages) would make runs differ.
const INHERITED: [&str; 2] = ["PATH", "TMPDIR"];

/// A program to be run in a cleaned environment, with an empty standard input and a time limit.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
    args: Vec<OsString>,
    folder: Option<PathBuf>,
    temporary: Option<PathBuf>,
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
    /// Returns the lines of [`Run::output`].
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.output.lines()
    }
}

impl Program {
    /// Returns the program at `path`: in a lesson's tests, `env!("CARGO_BIN_EXE_…")`.
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            args: Vec::new(),
            folder: None,
            temporary: None,
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

    /// Sets the working directory.
    #[must_use]
    pub fn in_folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.folder = Some(folder.as_ref().to_owned());
        self
    }

    /// Sets the folder for its temporary files, `TMPDIR`.
    #[must_use]
    pub fn temporary_files_in(mut self, folder: impl AsRef<Path>) -> Self {
        self.temporary = Some(folder.as_ref().to_owned());
        self
    }

    /// Sets the text of its standard input, which is a pipe.
    #[must_use]
    pub fn type_in(mut self, typed: impl Into<Vec<u8>>) -> Self {
        self.typed = typed.into();
        self
    }

    /// Closes the reading end of its standard output, as `| head -1` does; [`Run::output`] is its standard error only.
    #[must_use]
    pub fn without_reader(mut self) -> Self {
        self.reader = false;
        self
    }

    /// Returns the same program, started by another one: `words`, then its own path and arguments.
    pub(crate) fn through<A: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = A>) -> Self {
        let words = words.into_iter().map(|word| word.as_ref().to_owned());
        let mut words = words.chain([self.path.clone().into()]).chain(self.args.iter().cloned());
        let path = words.next().unwrap_or_default().into();
        Self { path, args: words.collect(), ..self.clone() }
    }

    /// Sets the time limit, which is one minute by default.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs the program to its end.
    ///
    /// # Panics
    /// Panics, with all that was printed, if the program cannot be started, reaches the time limit, prints something that
    /// is not UTF-8, or leaves a process behind.
    #[must_use]
    pub fn run(&self) -> Run {
        let ended = self
            .start()
            .and_then(|group| group.finish(self.limit))
            .unwrap_or_else(|error| panic!("cannot run {self}: {error}"));
        let output = String::from_utf8(ended.output).unwrap_or_else(|error| {
            let output = String::from_utf8_lossy(error.as_bytes());
            panic!("{self} printed something that is not UTF-8:\n{output}")
        });
        assert!(!ended.timed_out, "{self} had not ended after {:?}; it had printed:\n{output}", self.limit);
        assert!(
            ended.orphans.is_empty(),
            "{self} left a process behind: {}; it had printed:\n{output}",
            ended.orphans.join(", ")
        );
        Run { output, status: ended.status }
    }

    /// Runs the program `count` times, twice as many at the same time as there are cores, and at least 25: the runs delay
    /// each other, and the system is free to choose an order.
    ///
    /// # Panics
    /// Panics if [`Program::run`] does.
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
            let runs = workers
                .into_iter()
                .flat_map(|worker| worker.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
            runs.collect()
        })
    }

    pub(crate) fn start(&self) -> io::Result<Group> {
        let mut command = Command::new(&self.path);
        command.args(&self.args).env_clear();
        for name in INHERITED {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Some(folder) = &self.temporary {
            command.env("TMPDIR", folder);
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

    fn standard_input(&self) -> io::Result<Stdio> {
        if self.typed.is_empty() {
            return Ok(Stdio::null());
        }
        let (reader, mut writer) = process_group::pipe()?;
        let typed = self.typed.clone();
        // A program may end before it has read everything.
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
