//! What can go wrong on a connection.

use std::sync::Arc;
use std::{fmt, io};

use crate::pickle::PickleError;

/// Why a message could not be sent or received.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Nothing more will come: every sending end is closed. Python: `EOFError`.
    EndOfFile,
    /// The stream ended inside a message. Python: `EOFError` or `OSError("got end of file during message")`.
    Truncated {
        /// How many bytes of the header or the body there should have been.
        expected: u64,
        /// How many there were.
        received: u64,
    },
    /// The header says a length that no message has: the other side does not speak this framing, and nothing that
    /// follows could be made sense of. Receiving from this end goes on failing with this error. `CPython` does not notice
    /// and gets out of step.
    BadLength {
        /// What the header says, in bytes.
        length: i128,
    },
    /// The message is longer than the caller accepts, and is left unread. Receiving from this end goes on failing with
    /// this error. Python: `OSError("bad message length")`, then `OSError("handle is closed")` or
    /// `OSError("connection is write-only")`.
    TooLong {
        /// How long the message is, in bytes.
        length: u64,
        /// How long the caller accepts it.
        max_length: usize,
    },
    /// A message was broken off in the middle: the system refused the rest of it, or a time limit of the socket passed.
    /// The other side's next bytes would be taken for a message here, or ours there, in the middle of one. So this end
    /// goes on failing with this error in the direction in which it happened. `CPython` raises the system's `OSError` and
    /// gets out of step.
    Desynchronized {
        /// What the system said; of kind `TimedOut` for a time limit.
        error: Arc<io::Error>,
    },
    /// The message does not fit into the caller's buffer, which is as it was. Nothing is lost: here is the message, and
    /// the next one can be received. Python: `multiprocessing.BufferTooShort`.
    BufferTooShort {
        /// The whole message.
        message: Vec<u8>,
        /// How many bytes the buffer has room for, from the offset on.
        available: usize,
    },
    /// A range of bytes that the caller's buffer does not have. Nothing is sent or received. Python: `ValueError`.
    OutOfRange {
        /// The first byte of the range.
        start: usize,
        /// The first byte after it.
        end: usize,
        /// How many bytes the buffer has.
        length: usize,
    },
    /// A value could not be turned into a pickle, or a message is no pickle of the type that was asked for. The message
    /// is consumed, and the connection can be used on.
    Pickle(PickleError),
    /// The system refuses: `BrokenPipe` when nobody receives any more, for one. Before the first byte of a message, so
    /// that the end can be used on, unless the other side is gone.
    Io(io::Error),
}

/// The result of sending or receiving.
pub(crate) type Result<T> = std::result::Result<T, Error>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EndOfFile => write!(f, "the other end is closed and nothing is left to receive"),
            Self::Truncated { expected, received } => {
                write!(f, "the stream ended inside a message, after {received} of {expected} bytes")
            }
            Self::BadLength { length } => write!(
                f,
                "a message of {length} bytes is announced; the other side does not speak this framing"
            ),
            Self::TooLong { length, max_length } => write!(
                f,
                "a message of {length} bytes is announced, {max_length} are accepted; no more is received here"
            ),
            Self::Desynchronized { error } => write!(
                f,
                "a message was broken off in the middle ({error}); this end is out of step with the other from then on"
            ),
            Self::BufferTooShort { message, available } => write!(
                f,
                "a message of {} bytes has come, and the buffer has room for {available}; the error holds the message",
                message.len()
            ),
            Self::OutOfRange { start, end, length } => {
                write!(f, "bytes {start} to {end} are asked for, and the buffer has {length}")
            }
            Self::Pickle(error) => write!(f, "the message is no such object: {error}"),
            Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                write!(f, "nobody receives any more: {error}")
            }
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<PickleError> for Error {
    fn from(error: PickleError) -> Self {
        Self::Pickle(error)
    }
}
