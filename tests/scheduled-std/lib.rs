//! Stands in the place of `std`, so that a lesson's own file, unchanged, runs under every schedule.
//!
//! A test says, at its root,
//!
//! ```text
//! #[macro_use]
//! extern crate scheduled_std as std;
//! extern crate scheduled_parking_lot as parking_lot;
//!
//! #[path = "../src/main.rs"]
//! mod lesson;
//! ```
//!
//! and in that program the lesson's threads, channels, barriers and locks are those of a scheduler
//! ([shuttle](https://docs.rs/shuttle)), which decides at each of their steps who goes on; what it prints is noted
//! instead of printed. Everything else is `std`'s own. [`every_order`] runs a function of the lesson so, under one
//! schedule after the other.
//!
//! # Limits
//!
//! - A sleep takes no time, however long it is: that is the point. What only looks ordered because somebody sleeps is
//!   shown as unordered.
//! - Sequential consistency only: an atomic operation with `Relaxed` is treated as one with `SeqCst`.
//! - A panic in a thread ends the exploration. `JoinHandle::is_finished` is missing.
//! - Processes and pipes cannot be explored. A crate that blocks without the scheduler's knowledge hangs.

mod explore;
mod printed;

pub use ::std::*;
pub use explore::{Explored, Orders, every_order, every_schedule, random_orders};
pub use printed::note;

/// A point where the scheduler may let another thread go on. Not a `yield_now`, which asks it to.
pub(crate) fn step() {
    use shuttle::sync::atomic::{AtomicBool, Ordering};
    AtomicBool::new(false).load(Ordering::SeqCst);
}

/// The scheduler's threads in the place of `std::thread`.
pub mod thread {
    pub use shuttle::thread::*;

    use std::time::Duration;

    /// Does nothing: before the next step of this thread, others may take as many of theirs as they like.
    pub fn sleep(_: Duration) {}
}

/// The scheduler's locks and channels, and what `std::sync` has beside them.
pub mod sync {
    pub use ::std::sync::{LazyLock, OnceLock};
    pub use shuttle::sync::*;
}

/// `std::io`, with a standard output that is noted.
pub mod io {
    pub use crate::printed::{Stdout, stdout};
    pub use ::std::io::*;
}

/// Notes a line, at a point where threads may be switched.
#[macro_export]
macro_rules! println {
    ($($line:tt)*) => { $crate::note($crate::format!($($line)*)) };
}
