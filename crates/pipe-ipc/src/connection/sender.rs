//! The sending end of a pipe.

use std::io::{self, PipeWriter, Write};
use std::ops::{Bound, RangeBounds};
use std::os::fd::AsFd;

use super::descriptor::descriptor_methods;
use super::frame::{self, FrameError};
use super::poison::Poison;
use super::stream::BlockingStream;
use crate::error::{Error, Result};
use crate::pickle::PickleError;

/// The sending end of a pipe. Dropping it closes it: the receiver gets the end of file when every copy is closed.
///
/// Using it after it was closed or passed to a child does not compile ("borrow of moved value", E0382). CPython raises
/// `OSError: handle is closed`:
///
/// ```compile_fail,E0382
/// let (_receiver, mut sender) = pipe_ipc::pipe()?;
/// sender.close();
/// sender.send("too late")?;
/// # Ok::<(), pipe_ipc::Error>(())
/// ```
#[derive(Debug)]
pub struct Sender {
    pub(super) stream: BlockingStream<PipeWriter>,
    pub(super) send_state: SendState,
}

impl Sender {
    /// Duplicates the end, for another process. Several writers of one pipe need a lock: see [`Queue`](crate::Queue). A
    /// clone inherits the error of an end that has failed permanently.
    ///
    /// # Errors
    /// If the descriptor cannot be duplicated.
    pub fn try_clone(&self) -> io::Result<Self> {
        let stream = BlockingStream(self.stream.0.try_clone()?);
        Ok(Self { stream, send_state: self.send_state.clone_state() })
    }
}

impl From<PipeWriter> for Sender {
    fn from(stream: PipeWriter) -> Self {
        Self { stream: BlockingStream(stream), send_state: SendState::default() }
    }
}

// send, send_object, send_bytes, send_bytes_range
send_methods!(Sender);
// from_stdin, close, AsFd, AsRawFd, conversions to and from OwnedFd, PipeWriter and Stdio
descriptor_methods!(Sender, PipeWriter, Write);

/// A stream to which an end sends.
pub(super) trait SendStream: Write {
    /// Returns for how many bytes there is room in the stream's buffer, if it has one: it may hold bytes of earlier
    /// messages.
    fn room(&self) -> Option<usize> {
        None
    }

    /// Prevents the bytes in the buffer from being sent.
    fn discard(&mut self) {}
}

impl<S: Write + AsFd> SendStream for BlockingStream<S> {}

/// What an end keeps between two messages that it sends.
#[derive(Debug, Default)]
pub(super) struct SendState {
    poison: Poison,
    /// Holds the next object while it is pickled.
    buffer: Vec<u8>,
}

impl SendState {
    /// Returns the state of a cloned end.
    fn clone_state(&self) -> Self {
        Self { poison: self.poison.clone(), buffer: Vec::new() }
    }

    #[inline]
    pub(super) fn send_bytes(&mut self, stream: &mut impl SendStream, message: &[u8]) -> Result<()> {
        self.poison.check_poisoned()?;
        frame::write(stream, message, stream.room()).map_err(|error| self.fail(stream, error))
    }

    /// Sends the message that `pickle` writes.
    pub(super) fn send_object(
        &mut self,
        stream: &mut impl SendStream,
        pickle: impl FnOnce(&mut Vec<u8>) -> std::result::Result<(), PickleError>,
    ) -> Result<()> {
        self.poison.check_poisoned()?;
        self.buffer.clear();
        let sent = match pickle(&mut self.buffer) {
            Ok(()) => {
                frame::write(stream, &self.buffer, stream.room()).map_err(|error| self.fail(stream, error))
            }
            Err(error) => Err(Error::Unpicklable(error)),
        };
        frame::trim(&mut self.buffer);
        sent
    }

    /// Sends what `stream` has buffered.
    pub(super) fn flush(&mut self, stream: &mut impl SendStream) -> Result<()> {
        self.poison.check_poisoned()?;
        stream.flush().map_err(|error| self.fail(stream, FrameError::Io { error, partial: false }))
    }

    /// Returns the error for the caller. If nothing more can be sent after it, the buffer of `stream` is discarded.
    fn fail(&mut self, stream: &mut impl SendStream, error: FrameError) -> Error {
        let rest = stream.room().is_some() || matches!(error, FrameError::Io { partial: true, .. });
        let error = self.poison.poison_on_error(error, rest);
        if self.poison.check_poisoned().is_err() {
            stream.discard();
        }
        error
    }
}

/// Returns the bytes of `buffer` in `range`.
pub(super) fn slice(buffer: &[u8], range: impl RangeBounds<usize>) -> Result<&[u8]> {
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

/// Implements the methods that send for an end with a `stream` and a `send_state`.
macro_rules! send_methods {
    ($($end:ty),*) => {$(
        impl $end {
            /// Sends an object, as Python's `send`. Blocks while the pipe is full.
            ///
            /// # Errors
            /// [`Error::Unpicklable`](crate::Error::Unpicklable) if the value cannot be pickled (nothing is sent); otherwise as
            /// [`send_bytes`](Self::send_bytes).
            pub fn send<T: serde::Serialize + ?Sized>(&mut self, object: &T) -> $crate::error::Result<()> {
                let pickle = |buffer: &mut Vec<u8>| $crate::pickle::write_value(object, buffer);
                self.send_state.send_object(&mut self.stream, pickle)
            }

            /// Sends an object of a given Python type, which
            /// [`recv_object`](crate::Receiver::recv_object) preserves.
            ///
            /// # Errors
            /// As [`send`](Self::send).
            pub fn send_object(&mut self, object: &$crate::pickle::Object) -> $crate::error::Result<()> {
                let pickle = |buffer: &mut Vec<u8>| $crate::pickle::write_object(object, buffer);
                self.send_state.send_object(&mut self.stream, pickle)
            }

            /// Sends a message, as Python's `send_bytes(buffer)`. Blocks while the pipe is full.
            ///
            /// # Errors
            /// [`Error::Io`](crate::Error::Io) of kind `BrokenPipe` if every receiving end is closed, for an empty message
            /// too; [`Error::Desynchronized`](crate::Error::Desynchronized) if an I/O error occurs inside the message, and
            /// again on each later call.
            #[inline]
            pub fn send_bytes(&mut self, message: &[u8]) -> $crate::error::Result<()> {
                self.send_state.send_bytes(&mut self.stream, message)
            }

            /// Sends a part of `buffer`. Python's `send_bytes(buffer, offset, size)` is the range `offset..offset + size`,
            /// and `offset..` without a size.
            ///
            /// # Errors
            /// [`Error::OutOfRange`](crate::Error::OutOfRange) if the range is out of bounds (nothing is sent); otherwise
            /// as [`send_bytes`](Self::send_bytes).
            pub fn send_bytes_range(
                &mut self,
                buffer: &[u8],
                range: impl std::ops::RangeBounds<usize>,
            ) -> $crate::error::Result<()> {
                self.send_bytes($crate::connection::sender::slice(buffer, range)?)
            }
        }
    )*};
}

pub(super) use send_methods;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_buffer_is_freed_also_if_the_object_cannot_be_pickled() {
        let mut state = SendState::default();
        let (_reader, writer) = io::pipe().expect("a pipe can be created");
        let error = state.send_object(&mut BlockingStream(writer), |buffer| {
            buffer.resize(64 << 20, 0);
            Err(PickleError::TooDeep)
        });
        assert!(matches!(error, Err(Error::Unpicklable(PickleError::TooDeep))));
        assert!(state.buffer.capacity() <= 8 << 20);
    }
}
