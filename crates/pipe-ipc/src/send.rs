//! What every end that sends can do.

use std::io::Write;
use std::ops::{Bound, RangeBounds};

use crate::error::{Error, Result};
use crate::frame;
use crate::pickle::PickleError;

/// How much room is kept for the next object. One that was larger gives its room back.
const ROOM_KEPT: usize = 4 * 1024 * 1024;

/// What an end remembers between two messages that it sends.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    /// Where the next object is pickled.
    room: Vec<u8>,
}

impl Outgoing {
    pub(crate) fn object(
        &mut self,
        stream: &mut impl Write,
        write: impl FnOnce(&mut Vec<u8>) -> std::result::Result<(), PickleError>,
    ) -> Result<()> {
        self.room.clear();
        write(&mut self.room)?;
        let sent = frame::write(stream, &self.room);
        if self.room.capacity() > ROOM_KEPT {
            self.room = Vec::new();
        }
        sent
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

/// Gives an end the methods that send. It has a `stream`, and what is `outgoing` there.
macro_rules! sends {
    ($($end:ty),*) => {$(
        impl $end {
            /// Sends an object, Python's `send`. Waits while the pipe is full.
            ///
            /// # Errors
            /// [`Error::Object`](crate::Error::Object) when the value cannot be pickled (nothing is sent);
            /// [`Error::Io`](crate::Error::Io) of kind `BrokenPipe` when nobody receives any more.
            pub fn send<T: serde::Serialize + ?Sized>(&mut self, object: &T) -> $crate::error::Result<()> {
                self.outgoing.object(&mut self.stream, |room| $crate::pickle::write_value(object, room))
            }

            /// Sends an object with the kinds that Python tells apart, which
            /// [`recv_object`](crate::Receiver::recv_object) keeps.
            ///
            /// # Errors
            /// As [`send`](Self::send).
            pub fn send_object(&mut self, object: &$crate::Object) -> $crate::error::Result<()> {
                self.outgoing.object(&mut self.stream, |room| $crate::pickle::write_object(object, room))
            }

            /// Sends a message, Python's `send_bytes(buffer)`. Waits while the pipe is full.
            ///
            /// # Errors
            /// [`Error::Io`](crate::Error::Io) of kind `BrokenPipe` when nobody receives any more, for an empty message
            /// too.
            pub fn send_bytes(&mut self, message: &[u8]) -> $crate::error::Result<()> {
                $crate::frame::write(&mut self.stream, message)
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
                self.send_bytes($crate::send::part(buffer, range)?)
            }
        }
    )*};
}

pub(crate) use sends;
