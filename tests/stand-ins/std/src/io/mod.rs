//! `std::io` under the scheduler.

mod pipe;
mod standard;

pub use ::std::io::*;

pub use pipe::{PipeReader, PipeWriter, pipe, read_to_string};
pub use standard::{IsTerminal, Stderr, Stdin, Stdout, stderr, stdin, stdout};
#[doc(hidden)]
pub use standard::{eprint_text, print_text};
pub(crate) use standard::{exit_stdout, write_unbuffered};
