//! What is tested of the gallery from outside: what a client gets from it, and that it can be a process of its own. As
//! everywhere, no test measures time: bytes, order and counters say what happened.

/// A client who says exactly what a test wants to be said.
mod client;

/// What is wrong on purpose, and what is not.
mod responses;

/// Connections that share a line.
mod throttle;

/// Pictures that everybody can open.
mod pictures;

/// A gallery in a process of its own.
#[cfg(unix)]
mod process;

use gallery::{Gallery, Options};

fn open(options: &Options) -> Gallery {
    Gallery::start(options).expect("a gallery on this machine")
}
