//! What every end that sends can do.

use std::io::{self, ErrorKind, Write};
use std::ops::{Bound, RangeBounds};
use std::sync::Arc;

use crate::connection::frame::{self, WriteError};
use crate::error::{Error, Result};
use crate::pickle::PickleError;

/// How much room is kept for the next object. One that was larger gives its room back.
const ROOM_KEPT: usize = 4 * 1024 * 1024;

/// What an end remembers between two messages that it sends.
#[derive(Debug, Default)]
pub(crate) struct SendState {
    /// Why nothing can be sent any more.
    stopped: Option<Stopped>,
    /// Where the next object is pickled.
    room: Vec<u8>,
}

/// After a part of a message, whatever were sent next would be taken for the rest.
#[derive(Debug, Clone)]
enum Stopped {
    /// Nobody receives the rest; nor may anybody who opens the other end of a named pipe later.
    NobodyReceives,
    Desynchronized(Arc<io::Error>),
}

impl From<Stopped> for Error {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::NobodyReceives => Self::Io(ErrorKind::BrokenPipe.into()),
            Stopped::Desynchronized(error) => Self::Desynchronized { error },
        }
    }
}

impl SendState {
    /// That of another handle to the same stream.
    pub(crate) fn clone_state(&self) -> Self {
        Self { stopped: self.stopped.clone(), room: Vec::new() }
    }

    /// An error if nothing can be sent any more.
    fn check_poisoned(&self) -> Result<()> {
        self.stopped.clone().map_or(Ok(()), |stopped| Err(stopped.into()))
    }

    pub(crate) fn bytes(&mut self, stream: &mut impl Write, message: &[u8]) -> Result<()> {
        self.check_poisoned()?;
        frame::write(stream, message).map_err(|unsent| self.poison_on_error(unsent))
    }

    pub(crate) fn object(
        &mut self,
        stream: &mut impl Write,
        write: impl FnOnce(&mut Vec<u8>) -> std::result::Result<(), PickleError>,
    ) -> Result<()> {
        self.check_poisoned()?;
        self.room.clear();
        write(&mut self.room)?;
        let sent = frame::write(stream, &self.room).map_err(|unsent| self.poison_on_error(unsent));
        if self.room.capacity() > ROOM_KEPT {
            self.room = Vec::new();
        }
        sent
    }

    /// The error, which is poison_on_error if nothing can be sent any more after it.
    fn poison_on_error(&mut self, WriteError { error, partial }: WriteError) -> Error {
        if !partial {
            return error.into();
        }
        if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) {
            self.stopped = Some(Stopped::NobodyReceives);
            return error.into();
        }
        let error = Arc::new(error);
        self.stopped = Some(Stopped::Desynchronized(error.clone()));
        Error::Desynchronized { error }
    }
}

/// The bytes of `buffer` in `range`.
pub(crate) fn part(buffer: &[u8], range: impl RangeBounds<usize>) -> Result<&[u8]> {
    let start = match range.start_bound() {
        Bound::Included(&start) => start,
        Bound::Excluded(&before) => before.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let length = buffer.len();
    let end = match range.end_bound() {
        Bound::Included(&last) => last.saturating_add(1),
        Bound::Excluded(&end) => end,
        Bound::Unbounded => length.max(start),
    };
    buffer.get(start..end).ok_or(Error::OutOfRange { start, end, length })
}

/// Gives an end the methods that send. It has a `stream`, and what is `send_state` there.
macro_rules! sends {
    ($($end:ty),*) => {$(
        impl $end {
            /// Sends an object, Python's `send`. Waits while the pipe is full.
            ///
            /// # Errors
            /// [`Error::Pickle`](crate::Error::Pickle) when the value cannot be pickled (nothing is sent); otherwise as
            /// [`send_bytes`](Self::send_bytes).
            pub fn send<T: serde::Serialize + ?Sized>(&mut self, object: &T) -> $crate::error::Result<()> {
                self.send_state.object(&mut self.stream, |room| $crate::pickle::write_value(object, room))
            }

            /// Sends an object with the kinds that Python tells apart, which
            /// [`recv_object`](crate::Receiver::recv_object) keeps.
            ///
            /// # Errors
            /// As [`send`](Self::send).
            pub fn send_object(&mut self, object: &$crate::Object) -> $crate::error::Result<()> {
                self.send_state.object(&mut self.stream, |room| $crate::pickle::write_object(object, room))
            }

            /// Sends a message, Python's `send_bytes(buffer)`. Waits while the pipe is full.
            ///
            /// # Errors
            /// [`Error::Io`](crate::Error::Io) of kind `BrokenPipe` when nobody receives any more, for an empty message
            /// too; [`Error::Desynchronized`](crate::Error::Desynchronized) when the system takes a part of the message and
            /// refuses the rest, and again at each later call.
            pub fn send_bytes(&mut self, message: &[u8]) -> $crate::error::Result<()> {
                self.send_state.bytes(&mut self.stream, message)
            }

            /// Sends a part of `buffer`, Python's `send_bytes(buffer, offset, size)`: that is `offset..offset + size`
            /// here, and `offset..` without a size.
            ///
            /// # Errors
            /// [`Error::OutOfRange`](crate::Error::OutOfRange) when `buffer` has no such part (nothing is sent);
            /// otherwise as [`send_bytes`](Self::send_bytes).
            pub fn send_bytes_range(
                &mut self,
                buffer: &[u8],
                range: impl std::ops::RangeBounds<usize>,
            ) -> $crate::error::Result<()> {
                self.send_bytes($crate::connection::sender::part(buffer, range)?)
            }
        }
    )*};
}

pub(crate) use sends;
