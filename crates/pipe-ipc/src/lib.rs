//! Messages and objects between processes over a pipe, as in Python's `multiprocessing.Pipe`, in CPython's format, so a
//! Rust process and a Python process can share a connection.
//!
//! The lesson is `src/main.rs`, which uses only [`pipe`], [`duplex`] and [`Queue`].
//!
//! # Two hazards
//!
//! **A sending end that stays open keeps the reader waiting.** The reader gets the end of file when *every* copy of the
//! sending end is closed: in the parent, in each child, and in each [`Command`](std::process::Command) that has not been
//! dropped. Pass an end by value and keep no copy.
//!
//! **A deadlock occurs if both sides write more than the pipe holds before either reads.** On Linux, a pipe from [`pipe`]
//! holds up to 1 MiB and a connection from [`duplex`] a few hundred KiB or more. Both hold less if the limits of the system
//! are lower, or if the messages are small and many. A pipe that Python created holds 64 KiB. Let one side read while the
//! other writes.
//!
//! # Memory
//!
//! Receiving takes memory in proportion to the bytes that have arrived, whatever the header announces:
//!
//! - a message of bytes: at most three times the bytes that have arrived, while the buffer grows, and 64 KiB.
//! - an [`Object`]: at most 256 bytes for each byte of the message. Tables of numbers and strings take up to 80, deeply
//!   nested tuples the most. A message that refers to the same values again and again may take 32 MiB more. Beyond that it
//!   is [`PickleError::TooLarge`].
//! - a type: its values are counted as if each took the 32 bytes of an [`Object`], so a type with larger values takes
//!   more in proportion. A `serde_json::Value` takes up to four times as much. serde's untagged enums copy what they
//!   contain once more at each level.
//!
//! An end keeps up to 4 MiB of its buffer for the next message. Messages that your program keeps before it handles them
//! are smallest as bytes: receive them with [`Receiver::recv_bytes`], and decode each with [`Object::from_pickle`].
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
//! # From Python to Rust
//!
//! | Python | Rust |
//! |---|---|
//! | `Pipe(False)` | [`pipe`]: a [`Receiver`] and a [`Sender`] |
//! | `Pipe()` | [`duplex`]: two [`Connection`]s that both send and receive; [`Connection::split`] lends the two halves |
//! | `send`, `recv` | [`Sender::send`], [`Receiver::recv`]; [`Receiver::recv_object`] for a value of any type |
//! | `send_bytes`, `recv_bytes`, `recv_bytes_into` | the same, and [`Sender::send_bytes_range`], [`Receiver::recv_bytes_at_most`] |
//! | `poll`, `wait` | [`Receiver::poll`], [`wait`] |
//! | `fileno`, `close` | [`AsFd`](std::os::fd::AsFd), [`Receiver::close`] or drop |
//! | `Queue()` | [`Queue`]: one end of a pipe with a lock, for threads and processes |
//! | an end in `Process(args=…)` | the end as the child's standard input; the child takes it with `from_stdin` |
//! | `EOFError`, `OSError`, `BufferTooShort`, `ValueError` | [`Error`] |
//!
//! # Reading the source
//!
//! 1. `connection/frame.rs`: the message format.
//! 2. `connection/sender.rs`, `connection/receiver.rs`: the two ends of a pipe. Both keep a `Poison` (`poison.rs`), which
//!    makes an end fail for good after an error inside a message.
//! 3. `connection/mod.rs`: [`pipe`], [`duplex`], and the end that both sends and receives.
//! 4. `pickle/mod.rs`: how objects become messages. It names the order of its own files.
//!
//! The other files are independent of each other: `queue` (locks), `buffered` (fewer system calls), `stdin` (how a child gets
//! its end), `descriptor`, `poll`, `stream` and `pipe_size` (what the system offers).
//!
//! # Differences from CPython
//!
//! | CPython | Rust | Reason |
//! |---|---|---|
//! | the wrong direction, use after `close`, two threads on one end: `OSError`, or mixed-up messages | does not compile | types and ownership express it |
//! | the end of the stream inside a message is `EOFError` or `OSError` | [`Error::Truncated`], unless the system reports a connection reset first | data was lost |
//! | a length below −1, or of 2⁶³ or more, desynchronizes the connection | [`Error::BadLength`], now and on each later call | the rest of the stream has no meaning |
//! | an I/O error inside a message desynchronizes the connection | [`Error::Desynchronized`], now and on each later call in that direction | the same |
//! | a timeout of the socket is a `BlockingIOError`, inside a message too | [`Error::Io`] of kind `TimedOut`, inside a message [`Error::Desynchronized`] | a timeout that the caller set must take effect |
//! | memory is allocated for the announced length | memory grows with the bytes that arrive; see [Memory](#memory) | four bytes from an untrusted peer must not cost gigabytes |
//! | unpickling calls whatever the pickle names | plain values only, with limits on depth, expansion and the size of integers | a message from an untrusted peer is data, not code |
//! | pickles of protocols 0 and 1 are read | [`PickleError::UnsupportedOpcode`] | `send` has never used them in Python 3 |
//! | `send` takes any object | any [`Serialize`](serde::Serialize) value; Python receives a plain value | the two languages share no classes |
//! | raises `BlockingIOError` if another process made the descriptor non-blocking | waits | the caller did not ask for it |
//! | a message that does not fit is in `BufferTooShort.args` | in [`Error::BufferTooShort`] | the same; nothing is lost |
//! | `poll()` without an argument returns at once | `poll(Some(Duration::ZERO))` | Rust has no default arguments |

mod connection;
mod error;
mod pickle;

pub use connection::{
    BufferedReceiver, BufferedSender, Connection, Queue, Receiver, ReceivingHalf, Sender, SendingHalf,
    Waitable, duplex, pipe, wait,
};
pub use error::Error;
pub use pickle::{BigInt, Object, PickleError};
