//! Cancellation: how a signal, or a closed standard output, ends a run early.

use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io, thread};

use anyhow::{Context, Result};
use parking_lot::{Condvar, Mutex};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::iterator::Signals;

const SIGNALS: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

/// Why a run was cancelled. Whatever was in progress fails with this error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cancelled {
    /// The process received this signal.
    Signal(i32),
    /// Standard output was closed, as by `| head -1`. The run ends without a complaint.
    BrokenPipe,
    /// Standard output cannot be written, for this reason.
    OutputFailed(String),
    /// The parent of this child process has exited, or has cancelled the run.
    ByParent,
}

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal(_) => f.write_str("interrupted; partial downloads were removed"),
            Self::BrokenPipe => f.write_str("standard output was closed"),
            Self::OutputFailed(reason) => write!(f, "cannot write to standard output: {reason}"),
            Self::ByParent => f.write_str("cancelled by the parent process"),
        }
    }
}

impl std::error::Error for Cancelled {}

type Callback = Box<dyn FnOnce() + Send>;

/// A flag that ends a run early. Clones share it.
#[derive(Clone, Default)]
pub struct CancelToken(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    cancelled: Condvar,
}

#[derive(Default)]
struct State {
    reason: Option<Cancelled>,
    callbacks: Vec<Callback>,
}

impl CancelToken {
    /// Returns a token that SIGINT (Ctrl-C), SIGTERM and SIGHUP cancel. A second signal ends the process at once.
    ///
    /// # Errors
    /// If the signal handlers cannot be installed.
    pub fn on_signals() -> Result<Self> {
        let token = Self::default();
        let second = Arc::default();
        for signal in SIGNALS {
            // In this order: the first signal finds the flag unset.
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&second))
                .and_then(|_| flag::register(signal, Arc::clone(&second)))
                .context("cannot install a signal handler")?;
        }
        let mut signals = Signals::new(SIGNALS).context("cannot install a signal handler")?;
        let cancelled = token.clone();
        thread::Builder::new().name("signals".to_owned()).spawn(move || {
            for signal in signals.forever() {
                cancelled.cancel(Cancelled::Signal(signal));
            }
        })?;
        Ok(token)
    }

    /// Cancels the run: wakes every [`CancelToken::wait`], and calls the callbacks. The first reason is kept.
    pub fn cancel(&self, reason: Cancelled) {
        let callbacks = {
            let mut state = self.0.state.lock();
            state.reason.get_or_insert(reason);
            std::mem::take(&mut state.callbacks)
        };
        self.0.cancelled.notify_all();
        for callback in callbacks {
            callback();
        }
    }

    /// Calls `callback` when the run is cancelled, or at once if it has been.
    pub fn on_cancel(&self, callback: impl FnOnce() + Send + 'static) {
        let mut state = self.0.state.lock();
        if state.reason.is_none() {
            state.callbacks.push(Box::new(callback));
            return;
        }
        drop(state);
        callback();
    }

    /// Returns an error if the run has been cancelled.
    ///
    /// # Errors
    /// The reason.
    pub fn check(&self) -> Result<(), Cancelled> {
        self.wait(Duration::ZERO)
    }

    /// Sleeps for `duration`, or until the run is cancelled.
    ///
    /// # Errors
    /// The reason, if the run has been cancelled.
    pub fn wait(&self, duration: Duration) -> Result<(), Cancelled> {
        let mut state = self.0.state.lock();
        if !duration.is_zero() {
            self.0.cancelled.wait_while_for(&mut state, |state| state.reason.is_none(), duration);
        }
        state.reason.clone().map_or(Ok(()), Err)
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CancelToken").field(&self.0.state.lock().reason).finish()
    }
}

/// Ignores SIGINT, SIGTERM and SIGHUP. A terminal sends Ctrl-C to child processes too, but they end when their parent says so.
///
/// # Errors
/// If the signal handlers cannot be installed.
pub fn ignore_signals() -> io::Result<()> {
    SIGNALS.into_iter().try_for_each(|signal| flag::register(signal, Arc::default()).map(drop))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn cancelling_wakes_a_waiting_thread() {
        let token = CancelToken::default();
        let waiting = token.clone();
        let waiter = thread::spawn(move || waiting.wait(Duration::from_secs(600)));
        token.cancel(Cancelled::Signal(2));
        assert_eq!(waiter.join().unwrap(), Err(Cancelled::Signal(2)));
    }

    #[test]
    fn the_first_reason_is_kept() {
        let token = CancelToken::default();
        assert_eq!(token.check(), Ok(()));
        token.cancel(Cancelled::BrokenPipe);
        token.cancel(Cancelled::Signal(15));
        assert_eq!(token.check(), Err(Cancelled::BrokenPipe));
        assert_eq!(token.wait(Duration::ZERO), Err(Cancelled::BrokenPipe));
    }

    #[test]
    fn callbacks_run_once_whether_registered_before_or_after() {
        let token = CancelToken::default();
        let (sender, called) = mpsc::channel();
        let second_sender = sender.clone();
        token.on_cancel(move || sender.send("before").unwrap());
        assert_eq!(called.try_recv().ok(), None);
        token.cancel(Cancelled::BrokenPipe);
        token.on_cancel(move || second_sender.send("after").unwrap());
        token.cancel(Cancelled::BrokenPipe);
        assert_eq!(called.iter().collect::<Vec<_>>(), ["before", "after"]);
    }
}
