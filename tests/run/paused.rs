//! A program that is held where it prints: its standard output takes nothing until the test reads.
//!
//! What the program starts is held there too. So a test may look at all of it for as long as it likes, and nothing
//! depends on how long anything takes. On Linux only: elsewhere nobody can tell which processes a program has.

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

use crate::run::program::{Program, Run};

/// Far longer than a program takes to come to where it is held.
const LIMIT: Duration = Duration::from_secs(20);

/// A shell's: the program prints into what `$0` names.
const PRINTING_THERE: [&str; 3] = ["/bin/sh", "-c", r#"exec "$@" > "$0""#];

/// A program that is held.
#[derive(Debug)]
pub struct PausedProgram {
    output: BufReader<PipeReader>,
    leader: Process,
}

/// A process of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process(Pid);

/// Runs `program`, lets the test look at it while it is held, then reads until it has come to its end. The output of
/// the run is what was not read by `look`; and after it, what stands on its standard error.
///
/// # Panics
/// A test's failure, as with [`Program::run`].
pub fn run_paused(program: &Program, look: impl FnOnce(&mut PausedProgram)) -> Run {
    let (output, _) = os_pipe::pipe().expect("a pipe");
    let output_s_name = PathBuf::from(format!("/proc/{}/fd/{}", process::id(), output.as_raw_fd()));
    fill(&output_s_name);
    let words = PRINTING_THERE.map(Path::new).into_iter().chain([output_s_name.as_path()]);
    let program = program.through(words).limit(LIMIT);
    thread::scope(|scope| {
        let run = scope.spawn(|| program.run());
        let mut held = PausedProgram {
            leader: Process::that_prints_into(&output_s_name),
            output: BufReader::new(output),
        };
        look(&mut held);
        let mut rest = String::new();
        held.output.read_to_string(&mut rest).expect("it prints text");
        let run = run.join().unwrap_or_else(|failure| panic::resume_unwind(failure));
        Run { output: rest.trim_start_matches('\n').to_owned() + &run.output, status: run.status }
    })
}

/// Fills the pipe with empty lines, until it takes no more.
fn fill(pipe: &Path) {
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let mut pipe = File::options().write(true).custom_flags(flags).open(pipe).expect("it can be opened");
    // So many bytes are written all or not at all (`PIPE_BUF`).
    while pipe.write(&[b'\n'; 512]).is_ok() {}
}

impl PausedProgram {
    /// The processes that it has started and not yet waited for, once there are `count` of them and each has come to
    /// run its own program: until then it is a copy of its parent, which stands still and waits for it (`vfork(2)`).
    ///
    /// # Panics
    /// A test's failure: there are fewer.
    #[must_use]
    pub fn children(&self, count: usize) -> Vec<Process> {
        until(&format!("the program has {count} processes at a time"), || {
            let children: Vec<_> = all().filter(|process| process.parent() == Some(self.leader.0)).collect();
            let all_started = children.iter().all(|child| child.runs_another_program_than(self.leader));
            (children.len() == count && all_started).then_some(children)
        })
    }

    /// The next line that is printed; empty at the end.
    ///
    /// # Panics
    /// When it is no text.
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
            process.parent() == Some(rustix::process::getpid()) && output.ok() == fs::read_link(pipe).ok()
        };
        until("the program is started", || all().find(same))
    }

    fn folder(self) -> PathBuf {
        format!("/proc/{}", self.0).into()
    }

    /// What stands behind its name in `/proc/PID/stat`: its state, its parent, and more. Nothing once it is gone.
    fn stat(self) -> Option<Vec<String>> {
        let stat = fs::read_to_string(self.folder().join("stat")).ok()?;
        let (_, behind_its_name) = stat.rsplit_once(") ")?;
        Some(behind_its_name.split(' ').map(str::to_owned).collect())
    }

    fn parent(self) -> Option<Pid> {
        Pid::from_raw(self.stat()?[1].parse().ok()?)
    }

    fn is_in_state(self, state: &str) -> bool {
        self.stat().is_some_and(|stat| stat[0] == state)
    }

    /// Its name and arguments, each with a NUL behind it; empty while it is being started, and once it has ended.
    fn command_line(self) -> String {
        fs::read_to_string(self.folder().join("cmdline")).unwrap_or_default()
    }

    /// Whether it was started with this argument.
    #[must_use]
    pub fn has_argument(self, argument: &str) -> bool {
        self.command_line().split('\0').any(|one| one == argument)
    }

    /// Whether it runs what it was started for, or has run it: no longer the copy of `parent` that it is at first.
    fn runs_another_program_than(self, parent: Self) -> bool {
        let command_line = self.command_line();
        let has_its_own = !command_line.is_empty() && command_line != parent.command_line();
        has_its_own || self.is_in_state("Z")
    }

    /// Stops it, and returns once it does nothing more.
    ///
    /// # Panics
    /// When there is no such process.
    pub fn stop(self) {
        kill_process(self.0, Signal::STOP).expect("it is there");
        until("the process is stopped", || self.is_in_state("T").then_some(()));
    }

    /// Kills it.
    ///
    /// # Panics
    /// When there is no such process.
    pub fn kill(self) {
        kill_process(self.0, Signal::KILL).expect("it is there");
    }

    /// Waits until it has ended, and is there all the same, since nobody has waited for it.
    ///
    /// # Panics
    /// A test's failure: it does not come to that.
    pub fn becomes_a_zombie(self) {
        until("the process is a zombie", || self.is_in_state("Z").then_some(()));
    }
}

/// Every process there is.
fn all() -> impl Iterator<Item = Process> {
    let names = fs::read_dir("/proc").expect("Linux has it").flatten().map(|entry| entry.file_name());
    names.filter_map(|name| Some(Process(Pid::from_raw(name.to_str()?.parse().ok()?)?)))
}

/// Asks again and again, until there is an answer.
fn until<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = answer() {
            return answer;
        }
        assert!(start.elapsed() < LIMIT, "it has not come to this after {LIMIT:?}: {what}");
        thread::sleep(Duration::from_millis(1));
    }
}
