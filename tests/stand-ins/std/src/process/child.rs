use ::std::io::{self, Read};
use ::std::os::unix::process::ExitStatusExt;
use ::std::process::{ExitStatus, Output};

use exploration::runtime::step;
use exploration::{Operation, Outcome, Process};

use super::exit::pid;
use crate::io::{PipeReader, PipeWriter};

/// Replaces `std::process::ChildStdin`.
pub type ChildStdin = PipeWriter;
/// Replaces `std::process::ChildStdout`.
pub type ChildStdout = PipeReader;
/// Replaces `std::process::ChildStderr`.
pub type ChildStderr = PipeReader;

/// Replaces `std::process::Child`. As in std, dropping it does not wait for the process.
#[derive(Debug)]
pub struct Child {
    /// The writing end of the pipe that is its standard input.
    pub stdin: Option<ChildStdin>,
    /// The reading end of the pipe that is its standard output.
    pub stdout: Option<ChildStdout>,
    /// The reading end of the pipe that is its standard error.
    pub stderr: Option<ChildStderr>,
    pub(super) process: Process,
    pub(super) status: Option<ExitStatus>,
}

impl Child {
    /// Returns the number of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        pid(self.process)
    }

    /// Closes its standard input and waits for its end.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        drop(self.stdin.take());
        let status = match self.status {
            Some(status) => status,
            // A destructor gets the status 0, while the actors of a run that is over unwind.
            None => ended(step(Operation::WaitFor(self.process))).unwrap_or_default(),
        };
        self.status = Some(status);
        Ok(status)
    }

    /// Returns its exit status if it has ended.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.status = self.status.or_else(|| ended(step(Operation::TryWaitFor(self.process))));
        Ok(self.status)
    }

    /// Reads its output to the end and waits for its end.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn wait_with_output(mut self) -> io::Result<Output> {
        drop(self.stdin.take());
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        if let Some(mut pipe) = self.stdout.take() {
            pipe.read_to_end(&mut stdout)?;
        }
        if let Some(mut pipe) = self.stderr.take() {
            pipe.read_to_end(&mut stderr)?;
        }
        Ok(Output { status: self.wait()?, stdout, stderr })
    }
}

fn ended(outcome: Outcome) -> Option<ExitStatus> {
    match outcome {
        Outcome::Status(status) => Some(ExitStatus::from_raw(status)),
        _ => None,
    }
}
