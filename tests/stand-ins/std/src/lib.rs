//! Replaces `std`, so that a lesson's own file, unchanged, runs under every schedule.
//!
//! A test has at its root
//!
//! ```text
//! #[macro_use]
//! extern crate scheduled_std as std;
//! extern crate scheduled_parking_lot as parking_lot;
//! extern crate scheduled_scenarios as scenarios;
//!
//! #[path = "../../src/main.rs"]
//! mod lesson;
//! ```
//!
//! In that program the lesson's threads, locks, channels, pipes and processes are those of an [`exploration`]. Each of
//! their steps is announced to it before it is taken, and the exploration decides which actor takes the next one.
//! Everything else is std's own. [`process::program`] makes a whole program, with its child processes, of a `main`.
//!
//! A test that needs std itself finds it in [`real`].
//!
//! # Limits
//!
//! - A sleep takes no time: that is the point. What only looks ordered because a thread sleeps is shown as unordered.
//! - Sequential consistency only: an atomic operation with `Relaxed` is treated as one with `SeqCst`.
//! - A timeout may be over at every point of a schedule.
//! - No wakeup is spurious, and no `compare_exchange_weak` fails for no reason.
//! - `thread_local!` does not compile. A `static` is shared by all runs and all processes.
//! - A process that exits closes its pipes while its other threads still run, and ends after that.
//! - A child process is the explored program itself, `cat` or `echo`, and it cannot be killed.
//! - Files are not explored: two actors that write to the same file are not seen.

mod descriptor;
mod end;
pub mod env;
pub mod io;
mod name;
pub mod panic;
mod panic_hook;
mod per_run;
pub mod process;
mod registry;
mod storage;
pub mod sync;
pub mod thread;

/// std itself.
pub use ::std as real;
pub use ::std::*;

/// For the other stand-ins: what a process can be given as its standard input.
pub mod handle {
    pub use crate::descriptor::Descriptor;
    pub use crate::registry::Handle;
}

/// Prints a line.
#[macro_export]
macro_rules! println {
    () => { $crate::io::print_text("\n") };
    ($($text:tt)*) => { $crate::io::print_text(&($crate::format!($($text)*) + "\n")) };
}

/// Prints a text.
#[macro_export]
macro_rules! print {
    ($($text:tt)*) => { $crate::io::print_text(&$crate::format!($($text)*)) };
}

/// Prints a line on standard error.
#[macro_export]
macro_rules! eprintln {
    () => { $crate::io::eprint_text("\n") };
    ($($text:tt)*) => { $crate::io::eprint_text(&($crate::format!($($text)*) + "\n")) };
}

/// Prints a text on standard error.
#[macro_export]
macro_rules! eprint {
    ($($text:tt)*) => { $crate::io::eprint_text(&$crate::format!($($text)*)) };
}

/// Does not compile: all actors of an exploration are coroutines of one thread.
#[macro_export]
macro_rules! thread_local {
    ($($text:tt)*) => {
        $crate::compile_error!("thread_local! cannot be explored: all actors share one thread of the system");
    };
}
