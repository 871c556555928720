//! Child processes that do not outlive their parent.

use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus};
use std::{fmt, io};

use anyhow::{Context, Result};
use process_groups::signals::end_with_this_process;
use process_groups::temporary::unless_ending;

/// SIGINT on every system: what Ctrl-C sends to each process that runs in the foreground of a terminal.
pub(crate) const CTRL_C: i32 = 2;

/// A child process that is waited for when it is dropped. A [`Child`] is not: if its parent returns early, it runs on
/// after its parent's end.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    /// Starts a child process (`Process.start` in Python).
    ///
    /// # Errors
    /// If the program cannot be started. The error names it.
    #[track_caller] // A table of steps shows the caller's line.
    pub fn start(command: &mut Command) -> Result<Self> {
        end_with_this_process(command);
        let guard = unless_ending();
        let started = command.spawn();
        drop(guard);
        Ok(Self(started.with_context(|| format!("cannot start {}", command.get_program().display()))?))
    }

    /// Waits for its end (`Process.join` in Python).
    ///
    /// # Errors
    /// If its exit status is not 0, or a signal ended it.
    #[track_caller] // A table of steps shows the caller's line.
    pub fn join(mut self) -> Result<()> {
        let status = self.wait()?;
        Failed::check(status, || format!("child process {}", self.0.id()))
    }

    #[track_caller]
    pub(crate) fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.0.wait();
        // The signal may have ended the child, too, which is then no error to report.
        drop(unless_ending());
        status
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // After `join` this returns at once.
        let _ = self.0.wait();
    }
}

/// A child process that failed.
#[derive(Debug)]
pub(crate) struct Failed {
    name: String,
    status: ExitStatus,
}

impl Failed {
    pub(crate) fn check(status: ExitStatus, name: impl FnOnce() -> String) -> Result<()> {
        if status.success() { Ok(()) } else { Err(Self { name: name(), status }.into()) }
    }

    /// Returns whether Ctrl-C ended it. Its parent gets the signal too, but perhaps a moment later.
    pub(crate) fn is_by_ctrl_c(&self) -> bool {
        self.status.signal() == Some(CTRL_C) || self.status.code() == Some(128 + CTRL_C)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed: {}", self.name, self.status)
    }
}

impl std::error::Error for Failed {}
