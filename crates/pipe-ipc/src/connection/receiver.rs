//! What every end that receives can do.

use std::io::{self, Read};
use std::sync::Arc;

use crate::connection::frame;
use crate::error::{Error, Result};
use crate::pickle::PickleError;

/// How much room is kept for the next object. One that was larger gives its room back.
const ROOM_KEPT: usize = 4 * 1024 * 1024;

/// What an end remembers between two messages that it receives.
#[derive(Debug, Default)]
pub(crate) struct ReceiveState {
    /// Why nothing can be received any more.
    stopped: Option<Stopped>,
    /// Where the next object arrives: fresh memory for each would cost more than its bytes.
    room: Vec<u8>,
}

#[derive(Debug, Clone)]
enum Stopped {
    BadLength(i128),
    Desynchronized(Arc<io::Error>),
    TooLong { length: u64, max_length: usize },
}

impl From<Stopped> for Error {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::BadLength(length) => Self::BadLength { length },
            Stopped::Desynchronized(error) => Self::Desynchronized { error },
            Stopped::TooLong { length, max_length } => Self::TooLong { length, max_length },
        }
    }
}

impl ReceiveState {
    /// That of another handle to the same stream.
    pub(crate) fn clone_state(&self) -> Self {
        Self { stopped: self.stopped.clone(), room: Vec::new() }
    }

    /// An error if nothing can be received any more.
    pub(crate) fn check_poisoned(&self) -> Result<()> {
        match &self.stopped {
            None => Ok(()),
            Some(stopped) => Err(stopped.clone().into()),
        }
    }

    fn length(&mut self, stream: &mut impl Read) -> Result<u64> {
        self.check_poisoned()?;
        let length = frame::read_length(stream);
        self.poison_on_error(length)
    }

    /// The same result, which is poison_on_error if it is an error after which nothing can be received any more.
    #[inline]
    fn poison_on_error<T>(&mut self, result: Result<T>) -> Result<T> {
        result.inspect_err(|error| self.remember(error))
    }

    #[cold]
    fn remember(&mut self, error: &Error) {
        match error {
            Error::BadLength { length } => self.stopped = Some(Stopped::BadLength(*length)),
            Error::Desynchronized { error } => self.stopped = Some(Stopped::Desynchronized(error.clone())),
            _ => {}
        }
    }

    /// The whole of a message of that length, in memory of its own.
    fn whole(&mut self, stream: &mut impl Read, length: u64) -> Result<Vec<u8>> {
        let mut message = Vec::new();
        let received = frame::read_body(stream, length, &mut message);
        self.poison_on_error(received)?;
        Ok(message)
    }

    pub(crate) fn object<T>(
        &mut self,
        stream: &mut impl Read,
        read: impl FnOnce(&[u8]) -> std::result::Result<T, PickleError>,
    ) -> Result<T> {
        let length = self.length(stream)?;
        let received = frame::read_body(stream, length, &mut self.room);
        let object = self.poison_on_error(received).and_then(|received| Ok(read(&self.room[..received])?));
        if self.room.len() > ROOM_KEPT {
            self.room = Vec::new();
        }
        object
    }

    pub(crate) fn bytes(&mut self, stream: &mut impl Read, max_length: usize) -> Result<Vec<u8>> {
        let length = self.length(stream)?;
        if usize::try_from(length).is_ok_and(|length| length <= max_length) || max_length == usize::MAX {
            return self.whole(stream, length);
        }
        self.stopped = Some(Stopped::TooLong { length, max_length });
        Err(Error::TooLong { length, max_length })
    }

    pub(crate) fn bytes_into(
        &mut self,
        stream: &mut impl Read,
        buffer: &mut [u8],
        offset: usize,
    ) -> Result<usize> {
        let length = buffer.len();
        let Some(buffer) = buffer.get_mut(offset..) else {
            return Err(Error::OutOfRange { start: offset, end: length.max(offset), length });
        };
        let length = self.length(stream)?;
        let room = buffer.len();
        let fitting = usize::try_from(length).ok().and_then(|length| buffer.get_mut(..length));
        if let Some(fitting) = fitting {
            let received = frame::read_body_into(stream, fitting);
            return self.poison_on_error(received).map(|()| fitting.len());
        }
        let message = self.whole(stream, length)?;
        Err(Error::BufferTooShort { message, available: room })
    }
}

/// What an end does when it can receive no more.
pub(crate) trait CloseReading {
    /// Closes what is of no use any more.
    fn close_reading(&mut self) {}
}

/// Gives an end the methods that receive. It has a `stream`, what is `receive_state` there, and a way to [`CloseReading`].
macro_rules! receives {
    ($($end:ty),*) => {$(
        impl $end {
            /// Waits for an object and receives it, Python's `recv`. What CPython's `recv` can receive beyond plain values
            /// (objects of classes) is an error here: nothing that comes is executed.
            ///
            /// # Errors
            /// [`Error::EndOfFile`](crate::Error::EndOfFile) when nothing more will come;
            /// [`Error::Pickle`](crate::Error::Pickle) when the message is no `T`, or nested too deep (it is consumed,
            /// and the next can be received); otherwise as [`recv_bytes`](Self::recv_bytes).
            pub fn recv<T: serde::de::DeserializeOwned>(&mut self) -> $crate::error::Result<T> {
                self.receive_state.object(&mut self.stream, $crate::pickle::read_value)
            }

            /// Waits for an object of whatever kind and receives it, with the kinds that Python tells apart: a list from
            /// a tuple, bytes from a str.
            ///
            /// # Errors
            /// As [`recv`](Self::recv).
            pub fn recv_object(&mut self) -> $crate::error::Result<$crate::Object> {
                self.receive_state.object(&mut self.stream, $crate::pickle::read_object)
            }

            /// Waits for a message and receives it whole, Python's `recv_bytes()`.
            ///
            /// # Errors
            /// [`Error::EndOfFile`](crate::Error::EndOfFile) when nothing more will come, and again at each later call;
            /// [`Error::Truncated`](crate::Error::Truncated) when the stream ends inside the message;
            /// [`Error::BadLength`](crate::Error::BadLength) when the other side does not speak this framing, and again
            /// at each later call; [`Error::Desynchronized`](crate::Error::Desynchronized) when the system refuses to go on inside
            /// the message, and again at each later call; [`Error::Io`](crate::Error::Io) when it refuses before, of
            /// kind `ConnectionReset` once when the other side of a two-way connection closed its end with something
            /// from here unread.
            pub fn recv_bytes(&mut self) -> $crate::error::Result<Vec<u8>> {
                self.receive_state.bytes(&mut self.stream, usize::MAX)
            }

            /// Waits for a message of at most `max_length` bytes, Python's `recv_bytes(maxlength)`.
            ///
            /// # Errors
            /// [`Error::TooLong`](crate::Error::TooLong) when the message is longer. It is left unread, and nothing more
            /// can be received: a one-way end is closed, so that its sender is told; a two-way one can still send.
            /// Otherwise as [`recv_bytes`](Self::recv_bytes).
            pub fn recv_bytes_at_most(&mut self, max_length: usize) -> $crate::error::Result<Vec<u8>> {
                let message = self.receive_state.bytes(&mut self.stream, max_length);
                if matches!(message, Err($crate::Error::TooLong { .. })) {
                    $crate::connection::receiver::CloseReading::close_reading(self);
                }
                message
            }

            /// Waits for a message and receives it into `buffer` from `offset` on, Python's `recv_bytes_into`. Returns
            /// how many bytes that are. A buffer that is used again spares the memory of each message.
            ///
            /// # Errors
            /// [`Error::OutOfRange`](crate::Error::OutOfRange) when `offset` is beyond the end of `buffer` (nothing is
            /// received); [`Error::BufferTooShort`](crate::Error::BufferTooShort) when the message does not fit, with
            /// the message. After [`Error::Truncated`](crate::Error::Truncated) the buffer holds the part that came.
            /// Otherwise as [`recv_bytes`](Self::recv_bytes).
            pub fn recv_bytes_into(
                &mut self,
                buffer: &mut [u8],
                offset: usize,
            ) -> $crate::error::Result<usize> {
                self.receive_state.bytes_into(&mut self.stream, buffer, offset)
            }
        }
    )*};
}

/// Gives an end that is nothing but its descriptor the method that waits for what can be received.
macro_rules! polls {
    ($($end:ty),*) => {$(
        impl $end {
            /// Whether something can be received, Python's `poll`: a message, a part of one, or the end of the stream.
            /// Waits for it up to `timeout`; `Some(Duration::ZERO)`, Python's default, looks and returns; `None` waits
            /// for ever. Nothing is consumed. After `true`, receiving may still wait for the rest of the message.
            ///
            /// # Errors
            /// [`Error::BadLength`](crate::Error::BadLength), [`Error::TooLong`](crate::Error::TooLong) or
            /// [`Error::Desynchronized`](crate::Error::Desynchronized) when nothing can be received any more;
            /// [`Error::Io`](crate::Error::Io).
            pub fn poll(&self, timeout: Option<std::time::Duration>) -> $crate::error::Result<bool> {
                self.receive_state.check_poisoned()?;
                Ok(!$crate::wait(&[&self.stream.0], timeout)?.is_empty())
            }
        }
    )*};
}

pub(crate) use {polls, receives};
