//! Ends a test whose program computes for ever: without a step, the exploration cannot stop it.

use std::io::{self, Write};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

/// Far longer than any run takes.
const LIMIT: Duration = Duration::from_secs(30);

/// Watches an exploration until it is dropped.
pub(crate) struct Watchdog {
    runs: Arc<AtomicUsize>,
    _exploring: Sender<()>,
}

impl Watchdog {
    /// Ends this process with a message, as a failed test does, once a run takes longer than that.
    pub(crate) fn that_exits() -> Self {
        Self::new(LIMIT, || {
            // Not by a macro: what that prints is shown only for a test that ends.
            let _ = writeln!(
                io::stderr(),
                "A run under a schedule has not ended after {} s: does a loop compute for ever, without a step that other \
                 threads can see?",
                LIMIT.as_secs()
            );
            process::exit(101);
        })
    }

    fn new(limit: Duration, on_hang: impl FnOnce() + Send + 'static) -> Self {
        let (exploring, ended) = mpsc::channel();
        let runs = Arc::new(AtomicUsize::new(0));
        let so_far = Arc::clone(&runs);
        thread::spawn(move || {
            let mut known = None;
            while ended.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                let now = Some(so_far.load(Ordering::Relaxed));
                if now == known {
                    return on_hang();
                }
                known = now;
            }
        });
        Self { runs, _exploring: exploring }
    }

    /// Notes that a run has ended.
    pub(crate) fn run_has_ended(&self) {
        self.runs.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_does_not_end_is_noticed() {
        let (hung, hangs) = mpsc::channel();
        let _exploring =
            Watchdog::new(Duration::from_millis(1), move || hung.send(()).expect("the test waits"));
        assert_eq!(hangs.recv(), Ok(()));
    }
}
