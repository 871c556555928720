//! What is running, so that it can be ended at any moment: by Ctrl-C, or when nobody reads the output any more.

use std::io;
use std::process::{self, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use course_tests::run::process_group::{Ended, Group};
use parking_lot::Mutex;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::descendants;

/// How long the command may take to end by itself after a signal. It needs that long only when it is stuck printing
/// to a reader who does not read.
const GRACE: Duration = Duration::from_secs(1);

/// As long as cargo may take. Nobody waits so long; Ctrl-C ends it at any time.
pub const BUILD_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// All that is running. What has been ended stays ended: nothing is started afterwards.
#[derive(Default)]
pub struct Running {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    ended: bool,
    signal: Option<i32>,
    started: usize,
    kills: Vec<(usize, Box<dyn Fn() + Send>)>,
}

/// Drop it once what was started has ended by itself.
#[must_use]
pub struct Entry<'a> {
    running: &'a Running,
    number: usize,
}

impl Running {
    /// Nothing yet. On the first SIGINT (Ctrl-C), SIGTERM or SIGHUP all that is running is ended, and the command is
    /// expected to end with the status 128 + [`signal`](Self::signal); it is made to if it does not.
    ///
    /// # Errors
    /// When the system refuses to tell of signals.
    pub fn until_signalled() -> io::Result<Arc<Self>> {
        let running = Arc::new(Self::default());
        let ending = Arc::clone(&running);
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                ending.end_by(Some(signal));
                thread::sleep(GRACE);
                process::exit(128 + signal);
            }
        });
        Ok(running)
    }

    /// Starts something with `start`, which also says how to kill it; `None` when all has been ended already.
    ///
    /// # Errors
    /// Those of `start`.
    pub fn start<T, K: Fn() + Send + 'static>(
        &self,
        start: impl FnOnce() -> io::Result<(T, K)>,
    ) -> io::Result<Option<(T, Entry<'_>)>> {
        // Locked from before the start until it is noted: nothing can slip past the end in between.
        let mut state = self.state.lock();
        if state.ended {
            return Ok(None);
        }
        let (started, kill) = start()?;
        let number = state.started;
        state.started += 1;
        state.kills.push((number, Box::new(kill)));
        Ok(Some((started, Entry { running: self, number })))
    }

    /// Runs a command to its end, for `limit` at most, with nothing to read. When all is ended, so is what the command
    /// has started: a test starts a lesson in a group of its own, which does not end with that of the test.
    ///
    /// # Errors
    /// When it cannot be run, or was ended.
    pub fn to_its_end(&self, mut command: Command, limit: Duration) -> Result<Ended> {
        command.stdin(Stdio::null());
        let started = self.start(|| {
            let group = Group::start(command)?;
            let id = group.id();
            Ok((group, move || descendants::kill(id)))
        })?;
        let (group, _entry) = started.context("ended before")?;
        let ended = group.finish(limit)?;
        ensure!(!self.has_ended(), "ended before its end");
        Ok(ended)
    }

    /// Kills all that is running, and lets nothing more start.
    pub fn end(&self) {
        self.end_by(None);
    }

    fn end_by(&self, signal: Option<i32>) {
        let mut state = self.state.lock();
        state.ended = true;
        state.signal = state.signal.or(signal);
        for (_, kill) in &state.kills {
            kill();
        }
    }

    /// Whether all has been ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.state.lock().ended
    }

    /// The signal that ended it, if one did.
    #[must_use]
    pub fn signal(&self) -> Option<i32> {
        self.state.lock().signal
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.running.state.lock().kills.retain(|(number, _)| *number != self.number);
    }
}
