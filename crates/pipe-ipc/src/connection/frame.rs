//! The framing on the wire: a header with the length, then the body.
//!
//! Up to `0x7fff_ffff` bytes the header is the length as a signed big-endian number of 4 bytes; above, it is −1 so
//! written, then the length as an unsigned big-endian number of 8 bytes (CPython: `Connection._send_bytes`).

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::sync::Arc;

use crate::error::{Error, Result};

/// What stands in the place of a short length when the long one follows.
const LONG_FOLLOWS: i32 = -1;

/// How much room a body gets before any of it has arrived. A header alone must not cost memory.
const FIRST_ROOM: usize = 64 * 1024;

/// Up to so many bytes, a message is put together first: copying them costs less than telling the system of two places.
const SMALL: usize = 128;

/// How much of a body is written by one call to the system. macOS refuses more than `i32::MAX` bytes, with the header.
const MOST_AT_ONCE: usize = 1 << 30;

/// Why a message was not sent whole.
#[derive(Debug)]
pub(crate) struct WriteError {
    pub(crate) error: io::Error,
    /// Whether a part of it was sent: whatever were sent next would be taken for the rest.
    pub(crate) partial: bool,
}

/// Writes one message, header and body in one call to the system where it takes them.
pub(crate) fn write(stream: &mut impl Write, body: &[u8]) -> std::result::Result<(), WriteError> {
    let (header, header_length) = header(body.len());
    let header = &header[..header_length];
    let mut small = [0; SMALL];
    let whole = header_length + body.len();
    if whole <= SMALL {
        small[..header_length].copy_from_slice(header);
        small[header_length..whole].copy_from_slice(body);
        return write_all(stream, &small[..whole], &[], MOST_AT_ONCE);
    }
    write_all(stream, header, body, MOST_AT_ONCE)
}

/// Writes `head`, and `body` after it, `most` bytes of that at once.
fn write_all(
    stream: &mut impl Write,
    head: &[u8],
    body: &[u8],
    most: usize,
) -> std::result::Result<(), WriteError> {
    let mut written = 0;
    while written < head.len() + body.len() {
        let rest = &body[written.saturating_sub(head.len())..];
        let rest = &rest[..rest.len().min(most)];
        let count = match head.get(written..).filter(|head| !head.is_empty()) {
            Some(head) if rest.is_empty() => stream.write(head),
            Some(head) => stream.write_vectored(&[IoSlice::new(head), IoSlice::new(rest)]),
            None => stream.write(rest),
        };
        let error = match count {
            Ok(0) => ErrorKind::WriteZero.into(),
            Ok(count) => {
                written += count;
                continue;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => error,
        };
        return Err(WriteError { error, partial: written > 0 });
    }
    Ok(())
}

/// The header of a message of `length` bytes, and how many of its own bytes count.
fn header(length: usize) -> ([u8; 12], usize) {
    let mut header = [0; 12];
    if let Ok(short) = i32::try_from(length) {
        header[..4].copy_from_slice(&short.to_be_bytes());
        return (header, 4);
    }
    header[..4].copy_from_slice(&LONG_FOLLOWS.to_be_bytes());
    header[4..].copy_from_slice(&(length as u64).to_be_bytes());
    (header, 12)
}

/// Reads the header of a message, and not a byte of its body: how long it will be.
pub(crate) fn read_length(stream: &mut impl Read) -> Result<u64> {
    let short = i32::from_be_bytes(read_part(stream, Place::Before)?.ok_or(Error::EndOfFile)?);
    if short != LONG_FOLLOWS {
        return u64::try_from(short).map_err(|_| Error::BadLength { length: short.into() });
    }
    let long = read_part(stream, Place::Inside)?.ok_or(Error::Truncated { expected: 8, received: 0 })?;
    let long = u64::from_be_bytes(long);
    if i64::try_from(long).is_err() {
        return Err(Error::BadLength { length: long.into() });
    }
    Ok(long)
}

/// Reads exactly `N` bytes; `None` if the stream ends before the first.
fn read_part<const N: usize>(stream: &mut impl Read, place: Place) -> Result<Option<[u8; N]>> {
    let mut part = [0; N];
    match read_up_to(stream, &mut part, place)? {
        0 => Ok(None),
        received if received < N => Err(Error::Truncated { expected: N as u64, received: received as u64 }),
        _ => Ok(Some(part)),
    }
}

/// Reads a body of `length` bytes to the beginning of `room`, which grows with what arrives and keeps its size: it is
/// zeroed once, however often it is used.
pub(crate) fn read_body(stream: &mut impl Read, length: u64, room: &mut Vec<u8>) -> Result<usize> {
    // More than can be addressed can never arrive, but a part of it can.
    let wanted = usize::try_from(length).unwrap_or(usize::MAX);
    let mut received = 0;
    while received < wanted {
        if room.len() == received {
            room.resize(wanted.min((2 * received).max(FIRST_ROOM)), 0);
        }
        let end = room.len().min(wanted);
        let count = read_up_to(stream, &mut room[received..end], Place::Inside)?;
        if count < end - received {
            return Err(Error::Truncated { expected: length, received: (received + count) as u64 });
        }
        received = end;
    }
    Ok(received)
}

/// Reads a body that fills `room`.
pub(crate) fn read_body_into(stream: &mut impl Read, room: &mut [u8]) -> Result<()> {
    let received = read_up_to(stream, room, Place::Inside)?;
    if received < room.len() {
        return Err(Error::Truncated { expected: room.len() as u64, received: received as u64 });
    }
    Ok(())
}

/// Where in the stream something is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Where a message begins.
    Before,
    /// Where a part of it has been read.
    Inside,
}

/// Fills `room` as far as the stream goes, and says how far that is.
fn read_up_to(stream: &mut impl Read, room: &mut [u8], place: Place) -> Result<usize> {
    let mut received = 0;
    while received < room.len() {
        match stream.read(&mut room[received..]) {
            Ok(0) => break,
            Ok(count) => received += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if received == 0 && place == Place::Before => return Err(error.into()),
            // The other side is gone: nothing follows that could be taken for something else.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return Err(error.into()),
            Err(error) => return Err(Error::Desynchronized { error: Arc::new(error) }),
        }
    }
    Ok(received)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(body: &[u8]) -> Vec<u8> {
        let mut stream = Vec::new();
        write(&mut stream, body).expect("memory takes everything");
        stream
    }

    fn read(stream: &mut impl Read) -> Result<Vec<u8>> {
        let mut room = Vec::new();
        let length = read_length(stream)?;
        let received = read_body(stream, length, &mut room)?;
        assert_eq!(received, room.len(), "fresh room is as long as the body");
        Ok(room)
    }

    /// Takes and gives one byte at a time, and is interrupted in between.
    struct Slow<'a> {
        bytes: &'a mut Vec<u8>,
        interrupted: bool,
    }

    impl Slow<'_> {
        fn interrupt(&mut self) -> io::Result<()> {
            self.interrupted = !self.interrupted;
            if self.interrupted { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
        }
    }

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.interrupt()?;
            if self.bytes.is_empty() || into.is_empty() {
                return Ok(0);
            }
            into[0] = self.bytes.remove(0);
            Ok(1)
        }
    }

    impl Write for Slow<'_> {
        fn write(&mut self, from: &[u8]) -> io::Result<usize> {
            self.interrupt()?;
            self.bytes.extend(from.first());
            Ok(from.len().min(1))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_short_message_is_its_length_in_four_bytes_and_its_body() {
        assert_eq!(written(b"abc"), b"\0\0\0\x03abc");
        assert_eq!(written(b""), b"\0\0\0\0");
    }

    #[test]
    fn the_longest_short_header_is_followed_by_the_first_long_one() {
        let bytes = |length| header(length).0[..header(length).1].to_vec();
        assert_eq!(bytes(0x7fff_ffff), [0x7f, 0xff, 0xff, 0xff]);
        assert_eq!(bytes(0x8000_0000), [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0x80, 0, 0, 0]);
    }

    #[test]
    fn a_long_header_may_announce_a_short_message() {
        let stream = b"\xff\xff\xff\xff\0\0\0\0\0\0\0\x02okrest";
        let mut rest = &stream[..];
        assert_eq!(read(&mut rest).expect("a message"), b"ok");
        assert_eq!(rest, b"rest", "nothing beyond the message is read");
    }

    #[test]
    fn what_is_written_and_read_byte_by_byte_arrives() {
        let mut bytes = Vec::new();
        write(&mut Slow { bytes: &mut bytes, interrupted: false }, b"slowly").expect("it is written");
        let body = read(&mut Slow { bytes: &mut bytes, interrupted: false }).expect("it is read");
        assert_eq!(body, b"slowly");
    }

    /// Refuses more than a few bytes at once, and counts its calls.
    struct Narrow {
        bytes: Vec<u8>,
        calls: usize,
    }

    impl Write for Narrow {
        fn write(&mut self, from: &[u8]) -> io::Result<usize> {
            self.write_vectored(&[IoSlice::new(from)])
        }

        fn write_vectored(&mut self, from: &[IoSlice<'_>]) -> io::Result<usize> {
            let length = from.iter().map(|part| part.len()).sum();
            if length > 8 {
                return Err(ErrorKind::InvalidInput.into());
            }
            self.calls += 1;
            self.bytes.extend(from.iter().flat_map(|part| part.iter()));
            Ok(length)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_message_is_the_same_whether_it_is_put_together_first_or_not() {
        for length in [0, 1, SMALL - 5, SMALL - 4, SMALL - 3, 2 * SMALL] {
            let body: Vec<u8> = (0..length).map(|place| place.to_le_bytes()[0]).collect();
            let (header, header_length) = header(length);
            assert_eq!(written(&body), [&header[..header_length], &body].concat(), "{length} bytes");
        }
    }

    #[test]
    fn a_body_that_is_longer_than_the_system_takes_at_once_is_written_in_parts() {
        for (body, calls) in [(&b""[..], 1), (b"four", 1), (b"at most4", 2), (b"a longer one", 3)] {
            let mut stream = Narrow { bytes: Vec::new(), calls: 0 };
            let (header, header_length) = header(body.len());
            write_all(&mut stream, &header[..header_length], body, 4).expect("it is never asked for more");
            assert_eq!((&stream.bytes, stream.calls), (&written(body), calls));
        }
        assert!(i32::try_from(MOST_AT_ONCE + 12).is_ok(), "macOS takes it, with the longest header");
    }

    /// Takes and gives so many bytes, and is an error then.
    struct Broken(usize);

    impl Read for Broken {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let length = into.len().min(self.0);
            into[..length].fill(0);
            self.write(&into[..length])
        }
    }

    impl Write for Broken {
        fn write(&mut self, from: &[u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(ErrorKind::TimedOut.into());
            }
            let length = from.len().min(self.0);
            self.0 -= length;
            Ok(length)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_error_inside_a_message_is_told_from_one_before_it() {
        let timed_out = |error: &io::Error| error.kind() == ErrorKind::TimedOut;
        let error = read_length(&mut Broken(0)).expect_err("it is broken");
        assert!(matches!(&error, Error::Io(error) if timed_out(error)), "{error}");
        let unsent = write(&mut Broken(0), b"four").expect_err("it is broken");
        assert!(timed_out(&unsent.error) && !unsent.partial);
        for works in 1..8 {
            let mut stream = Broken(works);
            let error = read_length(&mut stream).and_then(|_| read_body_into(&mut stream, &mut [0; 4]));
            let error = error.expect_err("it is broken");
            assert!(matches!(&error, Error::Desynchronized { error } if timed_out(error)), "{error}");
            let unsent = write(&mut Broken(works), b"four").expect_err("it is broken");
            assert!(timed_out(&unsent.error) && unsent.partial, "after {works} bytes");
        }
    }

    #[test]
    fn room_that_is_used_again_keeps_its_size_and_is_filled_from_its_beginning() {
        let mut room = b"longer than that".to_vec();
        assert_eq!(read_body(&mut &b"shorter..."[..], 7, &mut room).expect("it is there"), 7);
        assert_eq!(room, b"shorterthan that");
    }

    #[test]
    fn the_end_between_messages_is_the_end_and_inside_one_it_is_an_error() {
        let whole = [written(b"abc"), written(&[7; 300])].concat();
        for cut in 0..whole.len() {
            let mut stream = &whole[..cut];
            let first = read(&mut stream);
            let last = if cut < 7 { first } else { read(&mut stream) };
            let at_a_boundary = cut == 0 || cut == 7;
            assert_eq!(matches!(last, Err(Error::EndOfFile)), at_a_boundary, "cut at {cut}");
            assert_eq!(matches!(last, Err(Error::Truncated { .. })), !at_a_boundary, "cut at {cut}");
        }
    }

    #[test]
    fn a_length_that_no_message_has_is_an_error() {
        for stream in [&b"\xff\xff\xff\xfe"[..], b"\x80\0\0\0", b"\xff\xff\xff\xff\x80\0\0\0\0\0\0\0"] {
            assert!(matches!(read(&mut &stream[..]), Err(Error::BadLength { .. })), "{stream:?}");
        }
    }

    #[test]
    fn an_announced_length_costs_no_memory_before_the_body_has_arrived() {
        let claim = b"\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff only this";
        let mut stream = &claim[..];
        let length = read_length(&mut stream).expect("it is a length");
        let mut room = Vec::new();
        let error = read_body(&mut stream, length, &mut room).expect_err("the body never comes");
        assert!(matches!(error, Error::Truncated { received: 10, .. }), "{error}");
        assert!(room.capacity() <= 2 * FIRST_ROOM, "{} bytes of room for ten", room.capacity());
    }
}
