//! Tests of the gallery through its sockets and processes. As everywhere, no test measures time: bytes, order and
//! counters show what happened.

/// A client that sends exactly what a test wants.
mod client;

/// Responses with and without faults.
mod responses;

/// Connections that share a bandwidth limit, and shutdown.
mod throttle;

/// Pages and pictures.
mod pictures;

/// A gallery in a child process.
#[cfg(unix)]
mod process;

/// The program.
#[cfg(unix)]
mod program;

use std::sync::{Mutex, MutexGuard, PoisonError};

use gallery::{Gallery, Options};

fn start(options: &Options) -> Gallery {
    Gallery::start(options).expect("a gallery starts on this machine")
}

/// Serialises writing scripts and starting processes: a child that is being started inherits the descriptor of a script
/// that another thread writes, and a file open for writing cannot be executed (`ETXTBSY`).
fn spawn_lock() -> MutexGuard<'static, ()> {
    static SPAWN_LOCK: Mutex<()> = Mutex::new(());
    SPAWN_LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}
