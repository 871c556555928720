//! `std::env` under the scheduler: each process has its own arguments.

pub use ::std::env::*;

use ::std::ffi::OsString;
use ::std::io;
use ::std::path::{Path, PathBuf};
use ::std::vec::IntoIter;

use crate::registry::{self, PROGRAM};

/// Replaces `std::env::args_os`.
#[must_use]
pub fn args_os() -> IntoIter<OsString> {
    registry::current_process(|process| process.args.clone()).into_iter()
}

/// Replaces `std::env::args`.
///
/// # Panics
/// Panics if an argument is not UTF-8.
#[must_use]
pub fn args() -> IntoIter<String> {
    let args: Vec<_> = args_os().map(|arg| arg.into_string().expect("arguments are UTF-8")).collect();
    args.into_iter()
}

/// Does nothing: all processes have the current folder of the exploration.
///
/// # Errors
/// Never.
pub fn set_current_dir(_: impl AsRef<Path>) -> io::Result<()> {
    Ok(())
}

/// Returns the path of the program that is explored: as a command it starts the program again.
///
/// # Errors
/// Never.
pub fn current_exe() -> io::Result<PathBuf> {
    Ok(PROGRAM.into())
}
