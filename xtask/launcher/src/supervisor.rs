//! Running processes, and killing them at a signal.

use std::io;
use std::process::{self, Command};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use parking_lot::{Mutex, RwLock, RwLockReadGuard};
use process_groups::process_group::Ended;
use process_groups::processes::end_children;
use process_groups::signals;
use rustix::process::Signal;

/// How long the command may take to exit after a signal. It takes that long only if it is blocked writing to a pipe that
/// is not read.
const GRACE: Duration = Duration::from_secs(1);

/// How much longer it may take to remove what it and its programs have written.
const CLEANING: Duration = Duration::from_secs(20);

/// The time limit for a build: practically none, because Ctrl-C ends it at any time.
pub const BUILD_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Tracks the running child processes. Once stopped, it kills them and starts no more.
#[derive(Default)]
pub struct Supervisor {
    state: Mutex<State>,
    /// Locked for reading while the signal handler must not exit.
    exit: RwLock<()>,
}

#[derive(Default)]
struct State {
    stopped: bool,
    signal: Option<i32>,
    started: usize,
    kills: Vec<(usize, Box<dyn Fn() + Send>)>,
}

/// A running process that is killed if the supervisor stops. Drop it after the process has exited.
#[must_use]
pub struct Registration<'a> {
    supervisor: &'a Supervisor,
    number: usize,
}

impl Supervisor {
    /// Creates a supervisor that stops at the first SIGINT (Ctrl-C), SIGTERM or SIGHUP. The program should then exit with
    /// status 128 + [`signal`](Self::signal); otherwise the handler exits after a second.
    ///
    /// # Errors
    /// If the signal handler cannot be installed.
    pub fn install_signal_handler() -> io::Result<Arc<Self>> {
        let supervisor = Arc::new(Self::default());
        let stopping = Arc::clone(&supervisor);
        signals::on_first(move |signal| {
            stopping.stop_by(Some(signal));
            // Those that were started without it, such as `cargo metadata`.
            end_children(Signal::KILL);
            thread::sleep(GRACE);
            let _permission = stopping.exit.try_write_for(CLEANING);
            process::exit(128 + signal);
        })?;
        Ok(supervisor)
    }

    /// Keeps the signal handler from exiting until the guard is dropped, so that a command can undo what it has done. The
    /// command must not print meanwhile, because it may be blocked in that.
    pub fn delay_exit(&self) -> RwLockReadGuard<'_, ()> {
        self.exit.read_recursive()
    }

    /// Calls `start`, which starts a process and returns how to kill it. Returns `None` if the supervisor has stopped.
    ///
    /// # Errors
    /// Those of `start`.
    pub fn start<T, K: Fn() + Send + 'static>(
        &self,
        start: impl FnOnce() -> io::Result<(T, K)>,
    ) -> io::Result<Option<(T, Registration<'_>)>> {
        // Locked until the process is registered: a stop in between would miss it.
        let mut state = self.state.lock();
        if state.stopped {
            return Ok(None);
        }
        let (started, kill) = start()?;
        let number = state.started;
        state.started += 1;
        state.kills.push((number, Box::new(kill)));
        Ok(Some((started, Registration { supervisor: self, number })))
    }

    /// Runs a command with an empty standard input until it exits, for `limit` at most. A stop kills its descendants too,
    /// those in other process groups included: a test starts a lesson in a group of its own.
    ///
    /// # Errors
    /// If it cannot be run, or the supervisor has stopped.
    pub fn run(&self, command: Command, limit: Duration) -> Result<Ended> {
        let ended = self.launch(command)?.context("interrupted")?.finish(limit)?;
        ensure!(!self.has_stopped(), "interrupted");
        Ok(ended)
    }

    /// Kills all running processes. None can be started afterwards.
    pub fn stop(&self) {
        self.stop_by(None);
    }

    fn stop_by(&self, signal: Option<i32>) {
        let mut state = self.state.lock();
        state.stopped = true;
        state.signal = state.signal.or(signal);
        for (_, kill) in &state.kills {
            kill();
        }
    }

    /// Returns whether it has stopped.
    #[must_use]
    pub fn has_stopped(&self) -> bool {
        self.state.lock().stopped
    }

    /// Returns the signal that stopped it, if any.
    #[must_use]
    pub fn signal(&self) -> Option<i32> {
        self.state.lock().signal
    }
}

impl Drop for Registration<'_> {
    fn drop(&mut self) {
        self.supervisor.state.lock().kills.retain(|(number, _)| *number != self.number);
    }
}
