//! The errors after which an end can no longer be used in one direction.

use std::io::{self, ErrorKind};
use std::sync::Arc;

use super::frame::FrameError;
use crate::error::{Error, Result};

/// The state of one direction of an end: after an error inside a message, the next bytes would be taken for a part of
/// another message, so that the direction is poisoned and every later call fails with the same error.
#[derive(Debug, Default, Clone)]
pub(super) struct Poison(Option<Reason>);

#[derive(Debug, Clone)]
enum Reason {
    BadLength { length: i128 },
    TooLong { length: u64, max_length: usize },
    Desynchronized { error: Arc<io::Error> },
    BrokenPipe,
}

impl Reason {
    #[cold]
    fn error(&self) -> Error {
        match self.clone() {
            Self::BadLength { length } => Error::BadLength { length },
            Self::TooLong { length, max_length } => Error::TooLong { length, max_length },
            Self::Desynchronized { error } => Error::Desynchronized { error },
            Self::BrokenPipe => Error::Io(ErrorKind::BrokenPipe.into()),
        }
    }
}

impl Poison {
    /// Returns the error that poisoned this direction, if any.
    #[inline]
    pub(super) fn check_poisoned(&self) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |reason| Err(reason.error()))
    }

    /// Poisons this direction if it cannot be used after `error`. Returns the error for the caller.
    ///
    /// After a reset, a receiver gets nothing that could be taken for another message. But a sender that may hold the `rest`
    /// of a message must fail from now on: a process that opens the receiving end of a named pipe would get the rest.
    #[cold]
    pub(super) fn poison_on_error(&mut self, error: FrameError, rest: bool) -> Error {
        match error {
            FrameError::EndOfFile => Error::EndOfFile,
            FrameError::Truncated { expected, received } => Error::Truncated { expected, received },
            FrameError::BadLength { length } => self.poison(Reason::BadLength { length }),
            FrameError::Io { error, .. }
                if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) =>
            {
                self.0 = rest.then_some(Reason::BrokenPipe);
                Error::Io(error)
            }
            FrameError::Io { error, partial: false } => Error::Io(error),
            FrameError::Io { error, .. } => self.poison(Reason::Desynchronized { error: Arc::new(error) }),
        }
    }

    /// Poisons this direction because a message is too long for the caller.
    #[cold]
    pub(super) fn poison_too_long(&mut self, length: u64, max_length: usize) -> Error {
        self.poison(Reason::TooLong { length, max_length })
    }

    fn poison(&mut self, reason: Reason) -> Error {
        self.0.insert(reason).error()
    }
}
