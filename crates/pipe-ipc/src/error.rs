//! The errors of sending and receiving.

use std::sync::Arc;
use std::{fmt, io};

use crate::pickle::PickleError;

/// An error from sending or receiving a message.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Every sending end is closed, and all messages have been received. Python: `EOFError`.
    EndOfFile,
    /// The stream ended inside a message. Python: `EOFError` or `OSError("got end of file during message")`.
    Truncated {
        /// The length of the header or body, in bytes.
        expected: u64,
        /// The number of bytes that arrived.
        received: u64,
    },
    /// The header contains an invalid length: the peer does not use this protocol, and the rest of the stream has no
    /// meaning. All later calls that receive fail with the same error. CPython does not detect this, and then reads
    /// messages from the wrong position.
    BadLength {
        /// The length in the header, in bytes.
        length: i128,
    },
    /// The message is longer than the caller accepts. It is left unread, and all later calls that receive fail with the
    /// same error. Python: `OSError("bad message length")`, then `OSError("handle is closed")` or
    /// `OSError("connection is write-only")`.
    TooLong {
        /// The length of the message, in bytes.
        length: u64,
        /// The length that the caller accepts.
        max_length: usize,
    },
    /// An I/O error occurred inside a message, or a timeout of the socket expired there. The two sides no longer agree on
    /// where messages begin, so that all later calls in the same direction fail with the same error. CPython raises the
    /// system's `OSError` once, and then reads or writes messages at the wrong position.
    Desynchronized {
        /// The system's error; a timeout is of kind `TimedOut`.
        error: Arc<io::Error>,
    },
    /// The message does not fit into the caller's buffer, which is unchanged. The error contains the message, and the next
    /// message can be received. Python: `multiprocessing.BufferTooShort`.
    BufferTooShort {
        /// The whole message.
        message: Vec<u8>,
        /// The length of the buffer from the offset on, in bytes.
        available: usize,
    },
    /// The range is out of bounds of the caller's buffer. Nothing is sent or received. Python: `ValueError`.
    OutOfRange {
        /// The first byte of the range.
        start: usize,
        /// The end of the range, exclusive.
        end: usize,
        /// The length of the buffer, in bytes.
        length: usize,
    },
    /// A value cannot be pickled. Nothing is sent. Python: `PicklingError` or another error of `pickle.dumps`.
    Unpicklable(PickleError),
    /// A message is not a pickle of the requested type. It is consumed, and the next one can be received.
    Pickle(PickleError),
    /// The system reports an error. If it is of kind `BrokenPipe` or `ConnectionReset`, the peer is gone, and a part of the
    /// message may have been transferred. After an error of another kind, nothing of the message has been transferred, and
    /// the call can be repeated.
    Io(io::Error),
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EndOfFile => write!(f, "end of file: every sending end is closed"),
            Self::Truncated { expected, received } => {
                write!(f, "the stream ended inside a message, after {received} of {expected} bytes")
            }
            Self::BadLength { length } => {
                write!(f, "invalid message length {length}: the peer does not use this protocol")
            }
            Self::TooLong { length, max_length } => write!(
                f,
                "a message of {length} bytes exceeds the limit of {max_length} bytes; nothing more can be received"
            ),
            Self::Desynchronized { error } => {
                write!(f, "I/O error inside a message ({error}): the stream is no longer synchronized")
            }
            Self::BufferTooShort { message, available } => write!(
                f,
                "a message of {} bytes does not fit into the {available} bytes of the buffer; the error contains \
                 the message",
                message.len()
            ),
            Self::OutOfRange { start, end, length } => {
                write!(f, "range {start}..{end} is out of bounds of a buffer of {length} bytes")
            }
            Self::Unpicklable(error) => {
                write!(f, "cannot encode the value, so that nothing was sent: {error}")
            }
            Self::Pickle(error) => write!(f, "cannot decode the message: {error}"),
            Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                write!(f, "every receiving end is closed: {error}")
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
