//! A pipe between processes that carries messages and objects, as Python's `multiprocessing.Pipe` does, in the framing
//! that CPython uses.
//!
//! # Two hazards, before anything else
//!
//! **An end that is kept open keeps the reader waiting.** A reader sees the end of the stream when *every* copy of the
//! sending end is closed: in the parent, in each child, and in a [`Command`](std::process::Command) that has not been
//! dropped yet. Hand an end over by value and keep none.
//!
//! **Two sides that both write more than the pipe holds wait for each other for ever.** On Linux a pipe of [`pipe`] holds
//! up to 1 MiB, a two-way connection of [`duplex`] a few hundred KiB or more, and both less where the system's limits
//! say so, or the messages are many and small; a pipe that Python made holds 64 KiB. Let one side read while the other
//! writes.
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
//! | `Pipe(False)` | [`pipe`]: a [`Receiver`] and a [`Sender`] |
//! | `Pipe()` | [`duplex`]: two [`Connection`]s, each of which sends and receives; [`Connection::split`] lends the halves |
//! | `send`, `recv` | [`Sender::send`], [`Receiver::recv`]; [`Receiver::recv_object`] for a value of any kind |
//! | `send_bytes`, `recv_bytes`, `recv_bytes_into` | the same, and [`Sender::send_bytes_range`], [`Receiver::recv_bytes_at_most`] |
//! | `poll`, `wait` | [`Receiver::poll`], [`wait`] |
//! | `fileno`, `close` | [`AsFd`](std::os::fd::AsFd), [`Receiver::close`] or dropping it |
//! | `Queue()` | [`Queue`]: one end of a pipe with a lock, for threads and for processes |
//! | an end passed to `Process(args=…)` | the end as the child's standard input; the child takes it with `from_stdin` |
//! | `EOFError`, `OSError`, `BufferTooShort`, `ValueError` | [`Error`] |
//!
//! # What differs from `CPython`, and why
//!
//! | `CPython` | here | why |
//! |---|---|---|
//! | the wrong direction, use after `close`, two threads on one end: `OSError`, or messages torn apart | does not compile | types and ownership can say it |
//! | the end of the stream inside a message is `EOFError` or `OSError` | [`Error::Truncated`], unless the system reports a reset first | something was lost, which an end is not |
//! | a length below −1, or of 2⁶³ or more, puts it out of step | [`Error::BadLength`], now and ever after | what follows makes no sense |
//! | an error of the system inside a message puts it out of step | [`Error::Desynchronized`], now and ever after, in that direction | the same |
//! | a time limit of the socket is a `BlockingIOError`, inside a message too | [`Error::Io`] of kind `TimedOut`, inside a message [`Error::Desynchronized`] | who set it must know what it has cost |
//! | a length is believed, and memory taken for it | memory grows with what arrives | four bytes of a stranger must not cost gigabytes |
//! | unpickling runs whatever the pickle names | plain values only, nested so far and no further | so that a stranger's message is data |
//! | `send` of any object | any [`Serialize`](serde::Serialize) value; to Python it is a plain one | classes are not shared by two languages |
//! | raises `BlockingIOError` where another process made the descriptor non-blocking | waits | the flag is not the caller's doing |
//! | a message that does not fit is in `BufferTooShort.args` | in [`Error::BufferTooShort`] | the same; nothing is lost |
//! | `poll()` without an argument looks and returns | `poll(Some(Duration::ZERO))` | no default arguments |

mod connection;
mod error;
mod pickle;

pub use connection::{
    BufferedReceiver, BufferedSender, Connection, Queue, Receiver, ReceivingHalf, Sender, SendingHalf,
    duplex, pipe, wait,
};
pub use error::Error;
pub use pickle::{BigInt, Object, PickleError};
