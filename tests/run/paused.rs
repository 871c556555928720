//! A program that is paused where it prints: its standard output is a full pipe until the test reads.
//!
//! The processes that it starts are paused there too. So a test can look at all of them for as long as it needs, and does
//! not depend on how long anything takes. On Linux only: other systems do not show which processes a program has.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{panic, process, thread};

use os_pipe::PipeReader;
use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process};

use crate::run::processes::ProcessStat;
use crate::run::program::{Program, Run};

/// Far longer than a program takes until it prints.
const LIMIT: Duration = Duration::from_secs(20);

/// The shell command that runs a program with the file `$0` as its standard output.
const WITH_STDOUT: [&str; 3] = ["/bin/sh", "-c", r#"exec "$@" > "$0""#];

/// A program that is paused.
#[derive(Debug)]
pub struct PausedProgram {
    output: BufReader<PipeReader>,
    leader: Process,
}

/// One of its processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process(Pid);

/// Runs `program`, calls `look` while it is paused, then reads its output until it ends. The output of the run is what
/// `look` has not read, followed by standard error.
///
/// # Panics
/// Panics if [`Program::run`] does.
pub fn run_paused(program: &Program, look: impl FnOnce(&mut PausedProgram)) -> Run {
    let (output, _) = os_pipe::pipe().expect("a pipe");
    let name = PathBuf::from(format!("/proc/{}/fd/{}", process::id(), output.as_raw_fd()));
    fill(&name);
    let words = WITH_STDOUT.map(Path::new).into_iter().chain([name.as_path()]);
    let program = program.through(words).limit(LIMIT);
    thread::scope(|scope| {
        let run = scope.spawn(|| program.run());
        let mut paused =
            PausedProgram { leader: Process::that_prints_into(&name), output: BufReader::new(output) };
        look(&mut paused);
        let mut rest = String::new();
        paused.output.read_to_string(&mut rest).expect("it prints text");
        let run = run.join().unwrap_or_else(|failure| panic::resume_unwind(failure));
        Run { output: rest.trim_start_matches('\n').to_owned() + &run.output, status: run.status }
    })
}

/// Fills the pipe with empty lines.
fn fill(pipe: &Path) {
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let mut pipe = File::options().write(true).custom_flags(flags).open(pipe).expect("it can be opened");
    // At most `PIPE_BUF` bytes: they are written all or not at all.
    while pipe.write(&[b'\n'; 512]).is_ok() {}
}

impl PausedProgram {
    /// Waits until the program has `count` child processes that it has not waited for and that run their own programs, and
    /// returns them. At first a child is a copy of its parent, which waits for it (`vfork(2)`).
    ///
    /// # Panics
    /// Panics if there are not that many within the time limit.
    #[must_use]
    pub fn children(&self, count: usize) -> Vec<Process> {
        until(&format!("the program has {count} processes at a time"), || {
            let children: Vec<_> = children_of(self.leader.0).collect();
            let all_started = children.iter().all(|child| child.runs_another_program_than(self.leader));
            (children.len() == count && all_started).then_some(children)
        })
    }

    /// Reads the next line; empty at end of file.
    ///
    /// # Panics
    /// Panics if it is not UTF-8.
    #[must_use]
    pub fn next_line(&mut self) -> String {
        let mut lines = self.output.by_ref().lines().map(|line| line.expect("it prints text"));
        lines.find(|line| !line.is_empty()).unwrap_or_default()
    }
}

impl Process {
    fn that_prints_into(pipe: &Path) -> Self {
        let same = |process: &Self| {
            let output = fs::read_link(process.folder().join("fd/1"));
            output.ok() == fs::read_link(pipe).ok()
        };
        until("the program is started", || children_of(rustix::process::getpid()).find(same))
    }

    fn folder(self) -> PathBuf {
        format!("/proc/{}", self.0).into()
    }

    fn is_in_state(self, state: char) -> bool {
        ProcessStat::read(self.0).is_some_and(|stat| stat.state == state)
    }

    /// Its name and arguments, each followed by a NUL; empty while it is being started, and once it has ended.
    fn command_line(self) -> String {
        fs::read_to_string(self.folder().join("cmdline")).unwrap_or_default()
    }

    /// Returns whether it was started with this argument.
    #[must_use]
    pub fn has_argument(self, argument: &str) -> bool {
        self.command_line().split('\0').any(|one| one == argument)
    }

    /// Returns whether it runs its own program, or has ended: it is not the copy of `parent` that it is at first.
    fn runs_another_program_than(self, parent: Self) -> bool {
        let command_line = self.command_line();
        let has_its_own = !command_line.is_empty() && command_line != parent.command_line();
        has_its_own || self.is_in_state('Z')
    }

    /// Stops it (`SIGSTOP`), and returns once it is stopped.
    ///
    /// # Panics
    /// Panics if it does not exist.
    pub fn stop(self) {
        kill_process(self.0, Signal::STOP).expect("it exists");
        until("the process is stopped", || self.is_in_state('T').then_some(()));
    }

    /// Kills it (`SIGKILL`).
    ///
    /// # Panics
    /// Panics if it does not exist.
    pub fn kill(self) {
        kill_process(self.0, Signal::KILL).expect("it exists");
    }

    /// Waits until it has ended without being waited for.
    ///
    /// # Panics
    /// Panics if it does not within the time limit.
    pub fn wait_until_zombie(self) {
        until("the process is a zombie", || self.is_in_state('Z').then_some(()));
    }
}

fn children_of(parent: Pid) -> impl Iterator<Item = Process> {
    ProcessStat::all()
        .filter(move |process| process.parent == Some(parent))
        .map(|process| Process(process.id))
}

/// Polls until there is a result.
fn until<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = answer() {
            return answer;
        }
        assert!(start.elapsed() < LIMIT, "not true after {LIMIT:?}: {what}");
        thread::sleep(Duration::from_millis(1));
    }
}
