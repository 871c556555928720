//! How a run ends before its time: Ctrl-C, a polite kill, or nobody who reads what it prints.

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use parking_lot::{Condvar, Mutex};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::iterator::Signals;

/// What is to be done at once when the run is stopped.
type Action = Box<dyn FnOnce() + Send>;

/// Whether the run is to end. Clones are the same one.
#[derive(Clone, Default)]
pub struct Stop(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    set: Condvar,
}

#[derive(Default)]
struct State {
    why: Option<Stopped>,
    actions: Vec<Action>,
}

/// The run was stopped: an error of whoever was at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// By this signal.
    Signal(i32),
    /// From within, for a reason that is told elsewhere.
    Otherwise,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped before its end; what was not whole has been removed")
    }
}

impl std::error::Error for Stopped {}

impl Stop {
    /// Stops the run at Ctrl-C (SIGINT), SIGTERM and SIGHUP. A second one ends the process on the spot.
    ///
    /// # Errors
    /// When the system lets no signal be caught.
    pub fn at_signals() -> Result<Self> {
        let signals = [SIGINT, SIGTERM, SIGHUP];
        let stop = Self::default();
        let again = Arc::default();
        for signal in signals {
            // This order: the first one finds the flag still down.
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again))
                .and_then(|_| flag::register(signal, Arc::clone(&again)))
                .context("cannot listen for signals")?;
        }
        let mut incoming = Signals::new(signals).context("cannot listen for signals")?;
        let listener = stop.clone();
        thread::Builder::new().name("signals".to_owned()).spawn(move || {
            for signal in incoming.forever() {
                listener.set(Stopped::Signal(signal));
            }
        })?;
        Ok(stop)
    }

    /// Stops the run: ends every [`Stop::wait`], and does what [`Stop::and_then`] asked for.
    pub fn set(&self, why: Stopped) {
        let actions = {
            let mut state = self.0.state.lock();
            state.why.get_or_insert(why);
            std::mem::take(&mut state.actions)
        };
        self.0.set.notify_all();
        for action in actions {
            action();
        }
    }

    /// Does `action` when the run is stopped; at once if it has been.
    pub fn and_then(&self, action: impl FnOnce() + Send + 'static) {
        let mut state = self.0.state.lock();
        if state.why.is_none() {
            state.actions.push(Box::new(action));
            return;
        }
        drop(state);
        action();
    }

    /// Fails once the run has been stopped.
    ///
    /// # Errors
    /// [`Stopped`].
    pub fn check(&self) -> Result<(), Stopped> {
        self.0.state.lock().why.map_or(Ok(()), Err)
    }

    /// Waits so long.
    ///
    /// # Errors
    /// [`Stopped`], as soon as the run is.
    pub fn wait(&self, time: Duration) -> Result<(), Stopped> {
        let until = Instant::now() + time;
        let mut state = self.0.state.lock();
        while state.why.is_none() {
            if self.0.set.wait_until(&mut state, until).timed_out() {
                return state.why.map_or(Ok(()), Err);
            }
        }
        state.why.map_or(Ok(()), Err)
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stop").field(&self.0.state.lock().why).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn who_waits_is_woken_by_a_stop() {
        let stop = Stop::default();
        let other = stop.clone();
        let waiter = thread::spawn(move || other.wait(Duration::from_secs(600)));
        stop.set(Stopped::Signal(2));
        assert_eq!(waiter.join().unwrap(), Err(Stopped::Signal(2)));
    }

    #[test]
    fn the_first_reason_counts_and_is_told_to_all_who_ask_later() {
        let stop = Stop::default();
        assert_eq!(stop.check(), Ok(()));
        stop.set(Stopped::Otherwise);
        stop.set(Stopped::Signal(15));
        assert_eq!(
            (stop.check(), stop.wait(Duration::ZERO)),
            (Err(Stopped::Otherwise), Err(Stopped::Otherwise))
        );
    }

    #[test]
    fn what_is_to_be_done_is_done_once_whether_asked_for_before_or_after() {
        let stop = Stop::default();
        let (done, all) = mpsc::channel();
        let also_done = done.clone();
        stop.and_then(move || done.send("before").unwrap());
        assert_eq!(all.try_recv().ok(), None);
        stop.set(Stopped::Otherwise);
        stop.and_then(move || also_done.send("after").unwrap());
        stop.set(Stopped::Otherwise);
        assert_eq!(all.iter().collect::<Vec<_>>(), ["before", "after"]);
    }
}
