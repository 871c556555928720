//! A child process that leads a process group, so that it can be killed with everything it started, except what has left
//! the group (`setsid`), which no lesson does.

use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use os_pipe::{PipeReader, PipeWriter};
use rustix::process::{self, Pid, Signal, WaitId, WaitIdOptions, WaitOptions};

use crate::output::Output;

/// How long the output may stay open once every process of the group has ended. Only a process that left the group
/// can still have it open.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);

/// A running child process, with its standard output and standard error in one pipe, as it and its own children write
/// them.
///
/// If it is dropped before [`Group::finish`], it is killed with all that it started.
#[derive(Debug)]
pub struct Group {
    child: Child,
    start: Instant,
    output: Output,
    leader_end: Receiver<io::Result<()>>,
    finished: bool,
}

/// How a [`Group`] ended.
#[derive(Debug)]
pub struct Ended {
    /// What was printed, standard output and standard error in their real interleaving. Of more than
    /// [`OUTPUT_LIMIT`](crate::output::OUTPUT_LIMIT) bytes, the middle is replaced by a line that says so.
    pub output: Vec<u8>,
    /// When each line of it began, since the start; of a longer output, only the lines of its first part.
    pub times: Vec<Duration>,
    /// When the leader ended, since the start.
    pub took: Duration,
    /// How the leader ended.
    pub status: ExitStatus,
    /// Whether it was killed at the time limit.
    pub timed_out: bool,
    /// Descriptions of the processes that the leader left behind when it ended; empty if it left none.
    pub orphans: Vec<String>,
}

/// Locked while a pipe is made, and while a process is started. On macOS a pipe is made first and closed to children
/// after that: a process that is started in between would keep it open, and its reader would wait for that process too.
static SPAWN_LOCK: Mutex<()> = Mutex::new(());

/// Makes a pipe of which no [`Group`] that is started at the same time inherits an end.
///
/// # Errors
/// If the system cannot make a pipe.
pub fn pipe() -> io::Result<(PipeReader, PipeWriter)> {
    let _lock = SPAWN_LOCK.lock().unwrap_or_else(PoisonError::into_inner);
    os_pipe::pipe()
}

fn spawn(command: &mut Command) -> io::Result<Child> {
    let _lock = SPAWN_LOCK.lock().unwrap_or_else(PoisonError::into_inner);
    command.spawn()
}

/// The identity of a [`Group`], by which another thread can kill it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupId(Pid);

impl GroupId {
    /// Returns the id of the leader, which is that of the group.
    #[must_use]
    pub fn leader(self) -> Pid {
        self.0
    }

    /// Kills every process of the group (`SIGKILL`). Does nothing if the group has ended.
    pub fn kill(self) {
        // The only possible error is ESRCH: no process is left.
        let _ = process::kill_process_group(self.0, Signal::KILL);
    }
}

impl Group {
    /// Starts `command` with both its output streams in one pipe.
    ///
    /// # Errors
    /// If the pipe cannot be made, or the program cannot be started (not found, not executable, too many processes).
    pub fn start(mut command: Command) -> io::Result<Self> {
        let (reader, writer) = pipe()?;
        command.stdout(writer.try_clone()?).stderr(writer);
        Self::spawn_leader(command, reader)
    }

    /// Starts `command` with a closed standard output, as after `| head -1`; the output is its standard error only.
    ///
    /// # Errors
    /// If [`Group::start`] fails.
    pub fn start_without_reader(mut command: Command) -> io::Result<Self> {
        let (closed, standard_output) = pipe()?;
        drop(closed);
        let (reader, standard_error) = pipe()?;
        command.stdout(standard_output).stderr(standard_error);
        Self::spawn_leader(command, reader)
    }

    fn spawn_leader(mut command: Command, reader: PipeReader) -> io::Result<Self> {
        adopt_orphans()?;
        let start = Instant::now();
        let child = spawn(command.process_group(0))?;
        // A `Command` owns its ends of the pipe: if it were kept here, the reader would never see end of file.
        drop(command);
        let leader_end = wait_for_end(Pid::from_child(&child));
        Ok(Self { child, start, output: Output::read(reader, start), leader_end, finished: false })
    }

    /// Returns the identity by which another thread can kill this group.
    #[must_use]
    pub fn id(&self) -> GroupId {
        GroupId(Pid::from_child(&self.child))
    }

    /// Waits until the leader has ended, for `limit` at most; then kills what is left of the group.
    ///
    /// # Errors
    /// If waiting fails, or the output cannot be read.
    pub fn finish(mut self, limit: Duration) -> io::Result<Ended> {
        let killed = !self.leader_ends_within(limit)?;
        if killed {
            self.id().kill();
        }
        let status = self.child.wait()?;
        let took = self.start.elapsed();
        // The leader may have ended by itself just before it was killed.
        let timed_out = killed && status.signal() == Some(Signal::KILL.as_raw());
        let mut orphans = reap_group(self.id(), killed)?;
        if timed_out {
            // What was killed together with its leader is not an orphan.
            orphans.clear();
        }
        self.finished = true;
        match self.output.ended.recv_timeout(CLOSE_LIMIT) {
            Ok(read) => read?,
            Err(_) => orphans.push("a process outside the group holds its output open".to_owned()),
        }
        let (output, times) = self.output.take().into_parts();
        Ok(Ended { output, times, took, status, timed_out, orphans })
    }

    /// Returns whether the leader ends in time. It is not reaped, so that its id cannot be given to another process.
    ///
    /// # Errors
    /// If the system refuses to wait for it.
    pub fn leader_ends_within(&self, limit: Duration) -> io::Result<bool> {
        match self.leader_end.recv_timeout(limit) {
            Ok(end) => end.map(|()| true),
            Err(RecvTimeoutError::Timeout) => Ok(false),
            // An earlier call has received the message.
            Err(RecvTimeoutError::Disconnected) => Ok(true),
        }
    }
}

/// Waits for the end of a child in a thread, without reaping it, and sends a message then.
fn wait_for_end(child: Pid) -> Receiver<io::Result<()>> {
    let (send, ended) = mpsc::channel();
    thread::spawn(move || {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let end = rustix::io::retry_on_intr(|| process::waitid(WaitId::Pid(child), options));
        // If the group was killed or dropped, there may be no receiver.
        let _ = send.send(end.map(|_| ()).map_err(io::Error::from));
    });
    ended
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.finished {
            self.id().kill();
            let _ = self.child.wait();
            let _ = reap_group(self.id(), true);
        }
    }
}

/// Makes this process the parent of all orphans of a group, so that [`reap_group`] sees even a child that has ended and was
/// never waited for (`prctl(2)`, `PR_SET_CHILD_SUBREAPER`).
#[cfg(target_os = "linux")]
fn adopt_orphans() -> io::Result<()> {
    process::set_child_subreaper(Some(process::getpid())).map_err(io::Error::from)
}

#[cfg(not(target_os = "linux"))]
fn adopt_orphans() -> io::Result<()> {
    Ok(())
}

/// Kills what is left of a group whose leader has been reaped, and describes it. `killed` says whether the group has been
/// killed already.
fn reap_group(group: GroupId, mut killed: bool) -> io::Result<Vec<String>> {
    let mut orphans = Vec::new();
    let mut was_running = false;
    loop {
        let options = if killed { WaitOptions::empty() } else { WaitOptions::NOHANG };
        match rustix::io::retry_on_intr(|| process::waitpgid(group.0, options)) {
            Ok(Some((_, status))) if killed && status.terminating_signal() == Some(Signal::KILL.as_raw()) => {
                was_running = true;
            }
            Ok(Some((pid, _))) => {
                orphans.push(format!("process {pid} had ended, but was never waited for"));
            }
            Ok(None) => {
                group.kill();
                killed = true;
            }
            Err(rustix::io::Errno::CHILD) => break,
            Err(error) => return Err(error.into()),
        }
    }
    // On systems where orphans are not adopted, the group itself still shows that a process is running.
    if process::test_kill_process_group(group.0).is_ok() {
        group.kill();
        was_running = true;
    }
    if was_running {
        orphans.push("a child process was still running".to_owned());
    }
    Ok(orphans)
}
