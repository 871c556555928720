//! Replaces `std`, so that a lesson's own file, unchanged, runs under every schedule.
//!
//! A test has at its root
//!
//! ```text
//! #[macro_use]
//! extern crate scheduled_std as std;
//! extern crate scheduled_parking_lot as parking_lot;
//!
//! #[path = "../../src/main.rs"]
//! mod lesson;
//! ```
//!
//! In that program the lesson's threads, channels, barriers and locks are those of a scheduler
//! ([shuttle](https://docs.rs/shuttle)), which decides at each of their steps which thread continues; what it prints is
//! captured. Everything else is `std`'s own. [`explore::every_schedule`] runs a function of the lesson under one schedule
//! after the other.
//!
//! # Limits
//!
//! - A sleep takes no time: that is the point. What only looks ordered because a thread sleeps is shown as unordered.
//! - Sequential consistency only: an atomic operation with `Relaxed` is treated as one with `SeqCst`.
//! - A panic in a thread ends the exploration, if it happens before main returns.
//! - Nothing times out: `Receiver::recv_timeout` and `Condvar::wait_timeout` wait forever, and a thread that relies on them
//!   is reported as a deadlock. (`thread::park_timeout` is left out, so a lesson that uses it does not compile.)
//! - A `Condvar` has no spurious wakeups: an `if` in the place of a `while` shows only if another thread can be faster.
//! - `LazyLock`, `OnceLock` and `thread_local!` are `std`'s own. Their values are kept from one schedule to the next, all
//!   threads share them, and a first use that waits for another thread hangs.
//! - The main thread is called `main-thread`. `JoinHandle::is_finished` is missing.
//! - `print!` does not compile: it is unknown where other lines can come between the pieces. `eprintln!` prints.
//! - Processes and pipes cannot be explored. A crate that blocks without the scheduler's knowledge hangs.

pub mod explore;
mod live_threads;
mod printed;

pub use ::std::*;
pub use printed::capture;

/// The scheduler's threads, in the place of `std::thread`.
pub mod thread {
    // All but `park_timeout`, which would never time out.
    pub use shuttle::thread::{
        AccessError, JoinHandle, LocalKey, Result, Scope, ScopedJoinHandle, Thread, ThreadId, current,
        panicking, park, scope, yield_now,
    };

    use std::io;
    use std::time::Duration;

    use crate::live_threads::counted;

    /// `std::thread::spawn`.
    pub fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        shuttle::thread::spawn(counted(work))
    }

    /// `std::thread::Builder`.
    #[derive(Debug, Default)]
    pub struct Builder(shuttle::thread::Builder);

    impl Builder {
        /// As in std.
        #[must_use]
        pub fn new() -> Self {
            Self::default()
        }

        /// As in std.
        #[must_use]
        pub fn name(self, name: String) -> Self {
            Self(self.0.name(name))
        }

        /// As in std.
        ///
        /// # Errors
        /// Never: the scheduler can always start a thread.
        pub fn spawn<T: Send + 'static>(
            self,
            work: impl FnOnce() -> T + Send + 'static,
        ) -> io::Result<JoinHandle<T>> {
            self.0.spawn(counted(work))
        }
    }

    /// Does nothing: before the next step of this thread, other threads can take any number of steps.
    pub fn sleep(_: Duration) {}
}

/// The scheduler's locks and channels, and what else `std::sync` has.
pub mod sync {
    pub use ::std::sync::{LazyLock, OnceLock};
    pub use shuttle::sync::*;
}

/// `std::io`, with a standard output that is captured.
pub mod io {
    pub use crate::printed::{Stdout, stdout};
    pub use ::std::io::*;
}

/// Captures what is printed, at a point where threads can be switched.
#[macro_export]
macro_rules! println {
    () => { $crate::capture("\n") };
    ($($text:tt)*) => { $crate::capture(&($crate::format!($($text)*) + "\n")) };
}

/// Does not compile: see the limits.
#[macro_export]
macro_rules! print {
    ($($text:tt)*) => {
        $crate::compile_error!("a line in pieces cannot be explored: print whole lines with println!")
    };
}
