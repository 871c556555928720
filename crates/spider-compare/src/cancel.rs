//! Cancellation: how a signal, or a closed standard output, ends a run early.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use parking_lot::{Condvar, Mutex};
use process_groups::signals;

/// Why a run was cancelled. Waits and requests in progress fail with this error. Only a name lookup or a connection attempt
/// runs on, up to its own time limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cancelled {
    /// The process received this signal.
    Signal(i32),
    /// Standard output was closed, as by `| head -1`. The run ends without an error message.
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
    callbacks: Vec<Box<dyn FnOnce() + Send>>,
}

impl CancelToken {
    /// Returns a token that SIGINT (Ctrl-C), SIGTERM and SIGHUP cancel. A second SIGINT ends the process at once.
    pub fn on_signals() -> Result<Self> {
        let token = Self::default();
        let cancelled = token.clone();
        signals::on_first(move |signal| cancelled.cancel(Cancelled::Signal(signal)))
            .context("cannot install a signal handler")?;
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
        } else {
            drop(state);
            callback();
        }
    }

    /// Returns the reason as an error if the run has been cancelled.
    pub fn check(&self) -> Result<(), Cancelled> {
        self.0.state.lock().reason.clone().map_or(Ok(()), Err)
    }

    /// Sleeps for `duration`. Returns an error as soon as the run is cancelled.
    pub fn wait(&self, duration: Duration) -> Result<(), Cancelled> {
        let mut state = self.0.state.lock();
        self.0.cancelled.wait_while_for(&mut state, |state| state.reason.is_none(), duration);
        drop(state);
        self.check()
    }
}
