//! The receiving end of a pipe.

use std::fs::File;
use std::io::{self, PipeReader};
use std::os::fd::OwnedFd;

use super::descriptor::descriptor_methods;
use super::frame::{self, FrameError, Source};
use super::poison::Poison;
use super::stream::BlockingStream;
use crate::error::{Error, Result};
use crate::pickle::PickleError;

/// The receiving end of a pipe.
///
/// The wrong direction does not compile ("no method named `send`", E0599). CPython raises
/// `OSError: connection is read-only`:
///
/// ```compile_fail,E0599
/// let (mut receiver, _sender) = pipe_ipc::pipe()?;
/// receiver.send("the wrong way")?;
/// # Ok::<(), pipe_ipc::Error>(())
/// ```
#[derive(Debug)]
pub struct Receiver {
    pub(super) stream: BlockingStream<PipeReader>,
    pub(super) receive_state: ReceiveState,
}

impl Receiver {
    /// Duplicates the end, for another process. Several readers of one pipe need a lock: see [`Queue`](crate::Queue). A
    /// clone inherits the error of an end that has failed permanently.
    ///
    /// # Errors
    /// If the descriptor cannot be duplicated.
    pub fn try_clone(&self) -> io::Result<Self> {
        let stream = BlockingStream(self.stream.0.try_clone()?);
        Ok(Self { stream, receive_state: self.receive_state.clone_state() })
    }
}

impl From<PipeReader> for Receiver {
    fn from(stream: PipeReader) -> Self {
        Self { stream: BlockingStream(stream), receive_state: ReceiveState::default() }
    }
}

// recv, recv_object, recv_bytes, recv_bytes_at_most, recv_bytes_into
receive_methods!(Receiver);
// poll
poll_method!(Receiver);
// from_stdin, close, AsFd, AsRawFd, conversions to and from OwnedFd, PipeReader and Stdio
descriptor_methods!(Receiver, PipeReader, Read);

/// What an end does after it has refused a message that is too long.
pub(super) trait CloseReading {
    /// Closes the stream if it is used for nothing but receiving.
    fn close_reading(&mut self) {}
}

impl CloseReading for Receiver {
    fn close_reading(&mut self) {
        // If no descriptor is left for /dev/null, the pipe stays open: its sender blocks until this end is dropped.
        if let Ok(dev_null) = dev_null() {
            self.stream = BlockingStream(dev_null);
        }
    }
}

/// Opens a stream that is always at its end, to take the place of a pipe.
pub(super) fn dev_null() -> io::Result<PipeReader> {
    Ok(OwnedFd::from(File::open("/dev/null")?).into())
}

/// What an end keeps between two messages that it receives.
#[derive(Debug, Default)]
pub(super) struct ReceiveState {
    pub(super) poison: Poison,
    /// Holds the next object while it is unpickled. Allocating a large buffer for each message would cost more than
    /// reading it.
    buffer: Vec<u8>,
}

impl ReceiveState {
    /// Returns the state of a cloned end.
    fn clone_state(&self) -> Self {
        Self { poison: self.poison.clone(), buffer: Vec::new() }
    }

    fn fail(&mut self, error: FrameError) -> Error {
        self.poison.poison_on_error(error, false)
    }

    #[inline]
    fn length(&mut self, stream: &mut impl Source) -> Result<u64> {
        self.poison.check_poisoned()?;
        frame::read_length(stream).map_err(|error| self.fail(error))
    }

    /// Receives a body of `length` bytes into a new vector.
    fn body(&mut self, stream: &mut impl Source, length: u64) -> Result<Vec<u8>> {
        let mut message = Vec::new();
        frame::read_body(stream, length, &mut message).map_err(|error| self.fail(error))?;
        Ok(message)
    }

    /// Receives a message and returns what `unpickle` makes of it.
    pub(super) fn receive_object<T>(
        &mut self,
        stream: &mut impl Source,
        unpickle: impl FnOnce(&[u8]) -> std::result::Result<T, PickleError>,
    ) -> Result<T> {
        let length = self.length(stream)?;
        let received = frame::read_body(stream, length, &mut self.buffer).map_err(|error| self.fail(error));
        let object = received.and_then(|received| unpickle(&self.buffer[..received]).map_err(Error::Pickle));
        frame::trim(&mut self.buffer);
        object
    }

    pub(super) fn receive_bytes(&mut self, stream: &mut impl Source, max_length: usize) -> Result<Vec<u8>> {
        let length = self.length(stream)?;
        if usize::try_from(length).is_ok_and(|length| length <= max_length) || max_length == usize::MAX {
            return self.body(stream, length);
        }
        Err(self.poison.poison_too_long(length, max_length))
    }

    #[inline]
    pub(super) fn receive_bytes_into(
        &mut self,
        stream: &mut impl Source,
        buffer: &mut [u8],
        offset: usize,
    ) -> Result<usize> {
        let length = buffer.len();
        let Some(buffer) = buffer.get_mut(offset..) else {
            return Err(Error::OutOfRange { start: offset, end: length.max(offset), length });
        };
        let length = self.length(stream)?;
        let available = buffer.len();
        let target = usize::try_from(length).ok().and_then(|length| buffer.get_mut(..length));
        if let Some(target) = target {
            let received = frame::read_body_into(stream, target);
            return received.map(|()| target.len()).map_err(|error| self.fail(error));
        }
        let message = self.body(stream, length)?;
        Err(Error::BufferTooShort { message, available })
    }
}

/// Implements the methods that receive for an end with a `stream`, a `receive_state`, and [`CloseReading`].
macro_rules! receive_methods {
    ($($end:ty),*) => {$(
        impl $end {
            /// Receives an object, as Python's `recv`. Blocks until there is one. An object that is not a plain value, such
            /// as an instance of a class, is an error, because nothing in a message is executed.
            ///
            /// # Errors
            /// [`Error::EndOfFile`](crate::Error::EndOfFile) if every sending end is closed;
            /// [`Error::Pickle`](crate::Error::Pickle) if the message is not a `T` or exceeds a limit (it is consumed, and
            /// the next one can be received); otherwise as [`recv_bytes`](Self::recv_bytes).
            pub fn recv<T: serde::de::DeserializeOwned>(&mut self) -> $crate::error::Result<T> {
                self.receive_state.receive_object(&mut self.stream, $crate::pickle::read_value)
            }

            /// Receives an object of any plain type. Blocks until there is one. The object keeps its Python type: a list
            /// differs from a tuple, and bytes from a str.
            ///
            /// # Errors
            /// As [`recv`](Self::recv).
            pub fn recv_object(&mut self) -> $crate::error::Result<$crate::pickle::Object> {
                self.receive_state.receive_object(&mut self.stream, $crate::pickle::read_object)
            }

            /// Receives a message, as Python's `recv_bytes()`. Blocks until there is one.
            ///
            /// # Errors
            /// [`Error::EndOfFile`](crate::Error::EndOfFile) if every sending end is closed, and again on each later call;
            /// [`Error::Truncated`](crate::Error::Truncated) if the stream ends inside the message;
            /// [`Error::BadLength`](crate::Error::BadLength) if the peer does not use this protocol, and again on each later
            /// call; [`Error::Desynchronized`](crate::Error::Desynchronized) if an I/O error occurs inside the message, and
            /// again on each later call; [`Error::Io`](crate::Error::Io) if it occurs before the message, of kind
            /// `ConnectionReset` once if the peer closed a two-way connection with messages from here unread.
            pub fn recv_bytes(&mut self) -> $crate::error::Result<Vec<u8>> {
                self.receive_state.receive_bytes(&mut self.stream, usize::MAX)
            }

            /// Receives a message of at most `max_length` bytes, as Python's `recv_bytes(maxlength)`. Blocks until there is
            /// one.
            ///
            /// # Errors
            /// [`Error::TooLong`](crate::Error::TooLong) if the message is longer. It is left unread, and nothing more can
            /// be received. A two-way end can still send. A one-way end closes its descriptor: if it has no clone, its
            /// sender gets an error. (If `/dev/null`, which takes its place, cannot be opened, the descriptor stays open
            /// until the end is dropped.) Otherwise as [`recv_bytes`](Self::recv_bytes).
            pub fn recv_bytes_at_most(&mut self, max_length: usize) -> $crate::error::Result<Vec<u8>> {
                let message = self.receive_state.receive_bytes(&mut self.stream, max_length);
                if matches!(message, Err($crate::error::Error::TooLong { .. })) {
                    $crate::connection::receiver::CloseReading::close_reading(self);
                }
                message
            }

            /// Receives a message into `buffer` from `offset` on, as Python's `recv_bytes_into`, and returns its length.
            /// Blocks until there is one. Reusing a buffer saves an allocation for each message.
            ///
            /// # Errors
            /// [`Error::OutOfRange`](crate::Error::OutOfRange) if `offset` is beyond the end of `buffer` (nothing is
            /// received); [`Error::BufferTooShort`](crate::Error::BufferTooShort) with the message if it does not fit.
            /// After [`Error::Truncated`](crate::Error::Truncated), the buffer contains the part that arrived. Otherwise as
            /// [`recv_bytes`](Self::recv_bytes).
            #[inline]
            pub fn recv_bytes_into(
                &mut self,
                buffer: &mut [u8],
                offset: usize,
            ) -> $crate::error::Result<usize> {
                self.receive_state.receive_bytes_into(&mut self.stream, buffer, offset)
            }
        }
    )*};
}

/// Implements `poll` for an end without a buffer.
macro_rules! poll_method {
    ($($end:ty),*) => {$(
        impl $end {
            /// Waits up to `timeout` until something can be received, as Python's `poll`: a message, a part of one, or the
            /// end of the stream. Returns whether it can. `Some(Duration::ZERO)`, Python's default, returns at once;
            /// `None` waits forever. Nothing is consumed. After `true`, receiving may still block for the rest of the
            /// message.
            ///
            /// # Errors
            /// [`Error::BadLength`](crate::Error::BadLength), [`Error::TooLong`](crate::Error::TooLong) or
            /// [`Error::Desynchronized`](crate::Error::Desynchronized) if nothing more can be received;
            /// [`Error::Io`](crate::Error::Io) if `poll(2)` fails because the memory is exhausted.
            pub fn poll(&self, timeout: Option<std::time::Duration>) -> $crate::error::Result<bool> {
                self.receive_state.poison.check_poisoned()?;
                Ok(!$crate::connection::poll::wait(&[&self.stream.0], timeout)?.is_empty())
            }
        }
    )*};
}

pub(super) use {poll_method, receive_methods};
