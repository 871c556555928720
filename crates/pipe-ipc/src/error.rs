//! What can go wrong on a connection.

use std::{fmt, io};

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
    /// A value could not be turned into a pickle, or a message is no pickle of the type that was asked for. The message
    /// is consumed, and the connection can be used on.
    Object(serde_pickle::Error),
    /// The system refuses: `BrokenPipe` when nobody receives any more, for one.
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
            Self::BadLength { length } => {
                write!(
                    f,
                    "a message of {length} bytes is announced; the other side does not speak this framing"
                )
            }
            Self::Object(error) => write!(f, "the message is no such object: {error}"),
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

impl From<serde_pickle::Error> for Error {
    fn from(error: serde_pickle::Error) -> Self {
        Self::Object(error)
    }
}
