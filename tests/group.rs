//! A child process that leads a process group of its own, so that it can be ended with everything it started.

use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use os_pipe::PipeReader;
use rustix::process::{self, Pid, Signal, WaitId, WaitIdOptions, WaitOptions};

/// How long the output may stay open once every process of the group has ended. Only a process that left the group
/// can still hold it.
const OUTPUT_LIMIT: Duration = Duration::from_secs(5);

/// A running child, its standard output and standard error in one pipe, as it and its own children write them.
///
/// Dropped before [`Group::finish`], it is killed with all that it started.
#[derive(Debug)]
pub struct Group {
    child: Child,
    output: Option<JoinHandle<io::Result<Vec<u8>>>>,
}

/// How a [`Group`] ended.
#[derive(Debug)]
pub struct Ended {
    /// What was printed up to the end, standard output and standard error in their real interleaving.
    pub output: Vec<u8>,
    /// How the leader ended.
    pub status: ExitStatus,
    /// Whether the time limit had to end it.
    pub timed_out: bool,
    /// What the leader left behind when it ended: one sentence each, empty as it should be.
    pub left_behind: Vec<String>,
}

/// Names a [`Group`] to those who may have to kill it from another thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupId(Pid);

impl GroupId {
    /// Kills every process of the group (`SIGKILL`). A group that has ended already is left alone.
    pub fn kill(self) {
        // The one error that can come is ESRCH: nobody is left.
        let _ = process::kill_process_group(self.0, Signal::KILL);
    }
}

impl Group {
    /// Starts `command` with both its output streams in one pipe. Its standard input is what `command` says.
    ///
    /// # Errors
    /// When the pipe cannot be made, or the program cannot be started (not found, not executable, too many processes).
    pub fn start(mut command: Command) -> io::Result<Self> {
        let (reader, writer) = os_pipe::pipe()?;
        command.stdout(writer.try_clone()?).stderr(writer);
        Self::lead(command, reader)
    }

    /// Starts `command` with a standard output that nobody reads, as after `| head -1`; the output is its standard
    /// error alone.
    ///
    /// # Errors
    /// As [`Group::start`].
    pub fn start_without_reader(mut command: Command) -> io::Result<Self> {
        let (nobody, standard_output) = os_pipe::pipe()?;
        drop(nobody);
        let (reader, standard_error) = os_pipe::pipe()?;
        command.stdout(standard_output).stderr(standard_error);
        Self::lead(command, reader)
    }

    fn lead(mut command: Command, mut reader: PipeReader) -> io::Result<Self> {
        adopt_orphans()?;
        let child = command.process_group(0).spawn()?;
        // A `Command` owns its ends of the pipe: with one kept here, the reader would never see the end.
        drop(command);
        let output = thread::spawn(move || {
            let mut bytes = Vec::new();
            reader.read_to_end(&mut bytes).map(|_| bytes)
        });
        Ok(Self { child, output: Some(output) })
    }

    /// The name by which another thread can kill this group.
    #[must_use]
    pub fn id(&self) -> GroupId {
        GroupId(Pid::from_child(&self.child))
    }

    /// Waits until the leader has ended, for `limit` at most; then ends whatever is left of the group.
    ///
    /// # Errors
    /// When the system refuses to wait, or the output cannot be read.
    pub fn finish(mut self, limit: Duration) -> io::Result<Ended> {
        let timed_out = !self.leader_ends_within(limit)?;
        if timed_out {
            self.id().kill();
        }
        let status = self.child.wait()?;
        let mut left_behind = end_the_rest(self.id(), timed_out)?;
        let output = self.take_output().transpose()?.unwrap_or_else(|| {
            left_behind.push("a process outside the group holds its output open".to_owned());
            Vec::new()
        });
        Ok(Ended { output, status, timed_out, left_behind })
    }

    /// Whether the leader ends in time. It is not reaped: until then its id cannot be given to another process.
    fn leader_ends_within(&self, limit: Duration) -> io::Result<bool> {
        let leader = Pid::from_child(&self.child);
        let (tell, ended) = mpsc::channel();
        thread::spawn(move || {
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            let end = rustix::io::retry_on_intr(|| process::waitid(WaitId::Pid(leader), options));
            // The receiver is gone after the time limit, which is no error here.
            let _ = tell.send(end);
        });
        match ended.recv_timeout(limit) {
            Ok(end) => end.map(|_| true).map_err(io::Error::from),
            Err(RecvTimeoutError::Timeout) => Ok(false),
            Err(RecvTimeoutError::Disconnected) => unreachable!("the waiting thread always sends"),
        }
    }

    /// All that was printed, or `None` when somebody still holds the pipe open.
    fn take_output(&mut self) -> Option<io::Result<Vec<u8>>> {
        let reading = self.output.take()?;
        let (tell, read) = mpsc::channel();
        thread::spawn(move || tell.send(reading.join().expect("reading does not panic")));
        read.recv_timeout(OUTPUT_LIMIT).ok()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.output.is_some() {
            self.id().kill();
            let _ = self.child.wait();
            let _ = end_the_rest(self.id(), true);
        }
    }
}

/// Makes this process the parent of whatever a group leaves behind, so that [`end_the_rest`] sees even a child that
/// has ended and was never waited for (`prctl(2)`, `PR_SET_CHILD_SUBREAPER`).
#[cfg(target_os = "linux")]
fn adopt_orphans() -> io::Result<()> {
    process::set_child_subreaper(Some(process::getpid())).map_err(io::Error::from)
}

#[cfg(not(target_os = "linux"))]
fn adopt_orphans() -> io::Result<()> {
    Ok(())
}

/// Ends what is left of a group whose leader has been reaped, and tells what that was. After a time limit nothing is
/// told: those who were killed with their leader were not left behind by it.
fn end_the_rest(group: GroupId, timed_out: bool) -> io::Result<Vec<String>> {
    let mut left_behind = Vec::new();
    loop {
        match process::waitpgid(group.0, WaitOptions::NOHANG) {
            Ok(Some((pid, _))) => {
                left_behind.push(format!("process {pid} had ended, but nobody waited for it"));
            }
            Ok(None) => {
                left_behind.push("a child process was still running".to_owned());
                group.kill();
                let killed = rustix::io::retry_on_intr(|| process::waitpgid(group.0, WaitOptions::empty()));
                killed.map_err(io::Error::from)?;
            }
            Err(rustix::io::Errno::CHILD) => break,
            Err(error) => return Err(error.into()),
        }
    }
    // Where orphans are not ours to wait for, the group itself still tells that somebody lives.
    if process::test_kill_process_group(group.0).is_ok() {
        left_behind.push("a child process was still running".to_owned());
        group.kill();
    }
    if timed_out {
        left_behind.clear();
    }
    Ok(left_behind)
}
