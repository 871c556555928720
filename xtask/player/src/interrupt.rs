//! Signals that end the player.

use std::io;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How long the player may take to restore the terminal and to kill the program that it asks. It takes that long only if it
/// reads from standard input, which a signal does not end.
const GRACE: Duration = Duration::from_secs(1);

/// Which signal has been caught, if any.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicI32>);

impl Interrupt {
    /// Catches the first SIGINT, SIGTERM or SIGHUP. The program should then exit with status 128 + [`signal`](Self::signal);
    /// otherwise the handler exits after a second.
    ///
    /// # Errors
    /// If the signal handler cannot be installed.
    pub fn install_signal_handler() -> io::Result<Self> {
        let interrupt = Self::default();
        let caught = interrupt.clone();
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                caught.0.store(signal, SeqCst);
                thread::sleep(GRACE);
                process::exit(128 + signal);
            }
        });
        Ok(interrupt)
    }

    /// Returns the signal that was caught.
    #[must_use]
    pub fn signal(&self) -> Option<i32> {
        Some(self.0.load(SeqCst)).filter(|&signal| signal != 0)
    }
}
