//! A pipe between processes that carries messages and objects, as Python's `multiprocessing.Pipe` does, in the framing
//! that CPython uses.
//!
//! # Two hazards, before anything else
//!
//! **An end that is kept open keeps the reader waiting.** A reader sees the end of the stream when *every* copy of the
//! sending end is closed: in the parent, in each child, and in a [`Command`](std::process::Command) that has not been
//! dropped yet. Hand an end over by value and keep none.
//!
//! **Two sides that both write more than the pipe holds wait for each other for ever.** On Linux a pipe holds 64 KiB, a
//! socket pair about 208 KiB or 278 messages; elsewhere less. Let one side read while the other writes.
//!
//! # Example
//!
//! ```
//! use pipe_ipc::{Error, pipe};
//!
//! let (mut receiver, mut sender) = pipe()?;
//! sender.send("silence")?;
//! sender.send(&(1, 2.5))?;
//! drop(sender);
//!
//! assert_eq!(receiver.recv::<String>()?, "silence");
//! assert_eq!(receiver.recv::<(u8, f64)>()?, (1, 2.5));
//! assert!(matches!(receiver.recv::<String>(), Err(Error::EndOfFile)));
//! # Ok::<(), Error>(())
//! ```
//!
//! # What is what
//!
//! | Python | here |
//! |---|---|
//! | `Pipe(False)` | [`pipe`]: a [`Receiver`] and a [`Sender`]; the wrong direction does not compile |
//! | `Pipe()` | [`duplex`]: two [`Connection`]s, each of which sends and receives |
//! | `Queue()` | [`Queue`]: one end of a pipe with a lock, for threads and for processes |
//! | an end passed to `Process(args=…)` | the end as the child's standard input; the child takes it with `from_stdin` |
//! | `EOFError` | [`Error::EndOfFile`] |

mod end;
mod error;
mod frame;
mod object;
mod queue;
mod stdin;

pub use end::{Connection, Receiver, Sender, duplex, pipe};
pub use error::Error;
pub use queue::Queue;
