//! The format of a message in the stream: a header with the length, then the body.
//!
//! Up to `0x7fff_ffff` bytes, the header is the length as a signed big-endian integer of 4 bytes. For longer messages it is
//! −1 in that form, followed by the length as an unsigned big-endian integer of 8 bytes (CPython:
//! `Connection._send_bytes`).

use std::io::{self, ErrorKind, IoSlice, Read, Write};

/// Stands in place of the short length if the long length follows.
const LONG_LENGTH_FOLLOWS: i32 = -1;

/// The memory that is allocated for a body before any of it has arrived, in bytes. A header alone must not cost memory.
const FIRST_ALLOCATION: usize = 65_536;

/// The part of a body that is written in one system call. macOS refuses more than `i32::MAX` bytes, header included.
const MAX_WRITE: usize = 1 << 30;

/// The memory of a buffer that is kept for the next message, in bytes.
const MAX_KEPT_BUFFER: usize = 4_194_304;

/// Frees the memory of a buffer that is not kept for the next message.
pub(super) fn trim(buffer: &mut Vec<u8>) {
    buffer.truncate(MAX_KEPT_BUFFER);
    buffer.shrink_to(MAX_KEPT_BUFFER);
}

/// A stream from which messages are read.
pub(super) trait Source: Read {
    /// Returns how many bytes can be read without a system call.
    fn ready(&self) -> usize {
        0
    }
}

/// Why a message was not transferred whole.
#[derive(Debug)]
pub(super) enum FrameError {
    /// The stream ended between two messages.
    EndOfFile,
    /// The stream ended inside the header or the body.
    Truncated { expected: u64, received: u64 },
    /// No message has such a length.
    BadLength { length: i128 },
    /// The system reported an error. `Poison` decides what it means for later messages.
    Io {
        error: io::Error,
        /// Whether a part of the message was transferred before, or is in the stream's buffer.
        partial: bool,
    },
}

type Result<T> = std::result::Result<T, FrameError>;

/// Writes one message. Header and body go into one system call if the system accepts them. A stream with a buffer, in
/// which there is `room` for some bytes, gets one after the other and copies them: both, or none if that fails.
#[inline]
pub(super) fn write(stream: &mut impl Write, body: &[u8], room: Option<usize>) -> Result<()> {
    if let Some(room) = room
        && let Ok(short) = i32::try_from(body.len())
    {
        let io = |partial| move |error| FrameError::Io { error, partial };
        let short = short.to_be_bytes();
        if room < short.len() + body.len() {
            stream.flush().map_err(io(false))?;
        }
        stream.write_all(&short).map_err(io(false))?;
        return stream.write_all(body).map_err(io(true));
    }
    let (header, header_length) = header(body.len());
    write_all(stream, &header[..header_length], body, MAX_WRITE)
}

/// Writes `head` and then `body`, at most `max_write` bytes of the body in one call.
fn write_all(stream: &mut impl Write, head: &[u8], body: &[u8], max_write: usize) -> Result<()> {
    let mut written = 0;
    while written < head.len() + body.len() {
        let rest = &body[written.saturating_sub(head.len())..];
        let rest = &rest[..rest.len().min(max_write)];
        let count = match head.get(written..).filter(|head| !head.is_empty()) {
            Some(head) => stream.write_vectored(&[IoSlice::new(head), IoSlice::new(rest)]),
            None => stream.write(rest),
        };
        let count =
            count.and_then(|count| if count == 0 { Err(ErrorKind::WriteZero.into()) } else { Ok(count) });
        written += count.map_err(|error| FrameError::Io { error, partial: written > 0 })?;
    }
    Ok(())
}

/// Returns the header of a message of `length` bytes, and the length of the header.
fn header(length: usize) -> ([u8; 12], usize) {
    let mut header = [0; 12];
    if let Ok(short) = i32::try_from(length) {
        header[..4].copy_from_slice(&short.to_be_bytes());
        return (header, 4);
    }
    header[..4].copy_from_slice(&LONG_LENGTH_FOLLOWS.to_be_bytes());
    header[4..].copy_from_slice(&(length as u64).to_be_bytes());
    (header, 12)
}

/// Reads the header of a message and returns the length of the body. Reads nothing of the body.
#[inline]
pub(super) fn read_length(stream: &mut impl Source) -> Result<u64> {
    let mut short = [0; 4];
    match read_up_to(stream, &mut short, Position::BeforeMessage)? {
        0 => return Err(FrameError::EndOfFile),
        received if received < short.len() => return Err(truncated(short.len(), received)),
        _ => {}
    }
    let short = i32::from_be_bytes(short);
    if short != LONG_LENGTH_FOLLOWS {
        return u64::try_from(short).map_err(|_| FrameError::BadLength { length: short.into() });
    }
    let mut long = [0; 8];
    read_body_into(stream, &mut long)?;
    let long = u64::from_be_bytes(long);
    if i64::try_from(long).is_err() {
        return Err(FrameError::BadLength { length: long.into() });
    }
    Ok(long)
}

/// Reads a body of `length` bytes to the start of `buffer`, and returns the length. The buffer grows with the bytes that
/// arrive and never shrinks, so that its memory is zeroed once, however often it is used.
pub(super) fn read_body(stream: &mut impl Source, length: u64, buffer: &mut Vec<u8>) -> Result<usize> {
    // A body longer than the address space never arrives whole, but a part of it can.
    let wanted = usize::try_from(length).unwrap_or(usize::MAX);
    let mut received = 0;
    while received < wanted {
        if buffer.len() == received {
            buffer.resize(wanted.min((2 * received).max(FIRST_ALLOCATION)), 0);
        }
        let end = buffer.len().min(wanted);
        let count = read_up_to(stream, &mut buffer[received..end], Position::InsideMessage)?;
        if count < end - received {
            return Err(FrameError::Truncated { expected: length, received: (received + count) as u64 });
        }
        received = end;
    }
    Ok(received)
}

/// Reads exactly as many bytes as `buffer` holds.
#[inline]
pub(super) fn read_body_into(stream: &mut impl Source, buffer: &mut [u8]) -> Result<()> {
    let received = read_up_to(stream, buffer, Position::InsideMessage)?;
    if received < buffer.len() {
        return Err(truncated(buffer.len(), received));
    }
    Ok(())
}

fn truncated(expected: usize, received: usize) -> FrameError {
    FrameError::Truncated { expected: expected as u64, received: received as u64 }
}

/// A position in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    BeforeMessage,
    InsideMessage,
}

/// Fills `buffer` up to the end of the stream. Returns the number of bytes read.
#[inline]
fn read_up_to(stream: &mut impl Source, buffer: &mut [u8], position: Position) -> Result<usize> {
    if stream.ready() >= buffer.len() {
        // One copy, of a length that the compiler knows if the buffer is an array.
        let read = stream.read_exact(buffer).map(|()| buffer.len());
        return read.map_err(|error| FrameError::Io { error, partial: true });
    }
    let mut received = 0;
    while received < buffer.len() {
        match stream.read(&mut buffer[received..]) {
            Ok(0) => break,
            Ok(count) => received += count,
            Err(error) => {
                let partial = received > 0 || position == Position::InsideMessage;
                return Err(FrameError::Io { error, partial });
            }
        }
    }
    Ok(received)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(body: &[u8]) -> Vec<u8> {
        let mut stream = Vec::new();
        write(&mut stream, body, None).expect("a vector accepts all bytes");
        stream
    }

    fn read(stream: &mut impl Source) -> Result<Vec<u8>> {
        let mut buffer = Vec::new();
        let length = read_length(stream)?;
        let received = read_body(stream, length, &mut buffer)?;
        assert_eq!(received, buffer.len(), "a new buffer is as long as the body");
        Ok(buffer)
    }

    /// Reads and writes one byte at a time.
    struct Slow(Vec<u8>);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() || buffer.is_empty() {
                return Ok(0);
            }
            buffer[0] = self.0.remove(0);
            Ok(1)
        }
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.extend(bytes.first());
            Ok(bytes.len().min(1))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Source for Slow {}
    impl Source for Broken {}
    impl Source for &[u8] {}

    /// Refuses to write more than eight bytes at once, and counts the calls.
    struct Narrow {
        bytes: Vec<u8>,
        calls: usize,
    }

    impl Write for Narrow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.write_vectored(&[IoSlice::new(bytes)])
        }

        fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
            let length = parts.iter().map(|part| part.len()).sum();
            if length > 8 {
                return Err(ErrorKind::InvalidInput.into());
            }
            self.calls += 1;
            self.bytes.extend(parts.iter().flat_map(|part| part.iter()));
            Ok(length)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Transfers that many bytes, and then fails.
    struct Broken(usize);

    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(self.0);
            buffer[..length].fill(0);
            self.write(&buffer[..length])
        }
    }

    impl Write for Broken {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(ErrorKind::TimedOut.into());
            }
            let length = bytes.len().min(self.0);
            self.0 -= length;
            Ok(length)
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
    fn the_header_is_long_from_two_gib_on() {
        let bytes = |length| header(length).0[..header(length).1].to_vec();
        assert_eq!(bytes(0x7fff_ffff), [0x7f, 0xff, 0xff, 0xff]);
        assert_eq!(bytes(0x8000_0000), [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0x80, 0, 0, 0]);
    }

    #[test]
    fn a_short_message_may_have_a_long_header() {
        let stream = b"\xff\xff\xff\xff\0\0\0\0\0\0\0\x02okrest";
        let mut rest = &stream[..];
        assert_eq!(read(&mut rest).expect("it is a message"), b"ok");
        assert_eq!(rest, b"rest", "nothing beyond the message is read");
    }

    #[test]
    fn short_reads_and_writes_are_continued() {
        let mut stream = Slow(Vec::new());
        write(&mut stream, b"slowly", None).expect("it is written");
        assert_eq!(read(&mut stream).expect("it is read"), b"slowly");
    }

    /// The long header belongs to messages that no test can afford.
    #[test]
    fn a_header_of_either_length_may_be_written_in_parts() {
        for head in [&b"head"[..], b"a longer one"] {
            let mut stream = Slow(Vec::new());
            write_all(&mut stream, head, b" and a body", MAX_WRITE).expect("it is written");
            assert_eq!(stream.0, [head, b" and a body"].concat());
        }
    }

    /// Has a buffer, and counts how often it is flushed.
    #[derive(Default)]
    struct Flushed(usize);

    impl Write for Flushed {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0 += 1;
            Ok(())
        }
    }

    #[test]
    fn a_buffer_is_flushed_before_a_message_only_if_there_is_no_room_for_all_of_it() {
        for (room, flushes) in [(0, 1), (4, 1), (7, 1), (8, 0), (15, 0), (100, 0)] {
            let mut stream = Flushed::default();
            write(&mut stream, b"four", Some(room)).expect("it is written");
            assert_eq!(stream.0, flushes, "with room for {room} bytes");
        }
    }

    #[test]
    fn a_stream_that_accepts_nothing_is_an_error() {
        let error = write(&mut [0; 6].as_mut_slice(), b"four", None).expect_err("only six bytes fit");
        assert!(
            matches!(&error, FrameError::Io { error, partial: true } if error.kind() == ErrorKind::WriteZero)
        );
        let error = write(&mut [].as_mut_slice(), b"four", None).expect_err("nothing fits");
        assert!(
            matches!(&error, FrameError::Io { error, partial: false } if error.kind() == ErrorKind::WriteZero)
        );
    }

    /// Counts how often it is read.
    struct Counted<'a>(&'a [u8], usize);

    impl Read for Counted<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 += 1;
            self.0.read(buffer)
        }
    }

    impl Source for Counted<'_> {}

    #[test]
    fn the_part_of_a_body_that_is_read_at_once_doubles() {
        let body = vec![7; 1 << 20];
        let mut stream = Counted(&body, 0);
        read_body(&mut stream, 1 << 20, &mut Vec::new()).expect("the body is there");
        assert_eq!(stream.1, 5);
    }

    #[test]
    fn a_long_body_is_written_in_several_calls() {
        for (body, calls) in [(&b""[..], 1), (b"four", 1), (b"at most4", 2), (b"a longer one", 3)] {
            let mut stream = Narrow { bytes: Vec::new(), calls: 0 };
            let (header, header_length) = header(body.len());
            write_all(&mut stream, &header[..header_length], body, 4).expect("no call is too long");
            assert_eq!((&stream.bytes, stream.calls), (&written(body), calls));
        }
        assert!(i32::try_from(MAX_WRITE + 12).is_ok(), "macOS accepts it with the long header");
    }

    #[test]
    fn an_error_inside_a_message_differs_from_one_before_it() {
        let is = |error: FrameError, expected| match error {
            FrameError::Io { error, partial } => error.kind() == ErrorKind::TimedOut && partial == expected,
            _ => false,
        };
        assert!(is(read_length(&mut Broken(0)).expect_err("the stream is broken"), false));
        assert!(is(write(&mut Broken(0), b"four", None).expect_err("the stream is broken"), false));
        for works in 1..8 {
            let mut stream = Broken(works);
            let received = read_length(&mut stream).and_then(|_| read_body_into(&mut stream, &mut [0; 4]));
            assert!(is(received.expect_err("the stream is broken"), true), "after {works} bytes");
            let sent = write(&mut Broken(works), b"four", None);
            assert!(is(sent.expect_err("the stream is broken"), true), "after {works} bytes");
        }
    }

    #[test]
    fn a_reused_buffer_keeps_its_length() {
        let mut buffer = b"longer than that".to_vec();
        assert_eq!(read_body(&mut &b"shorter..."[..], 7, &mut buffer).expect("the body is there"), 7);
        assert_eq!(buffer, b"shorterthan that");
    }

    #[test]
    fn the_end_of_the_stream_inside_a_message_is_truncation() {
        let stream = [written(b"abc"), written(&[7; 300])].concat();
        for cut in 0..stream.len() {
            let mut stream = &stream[..cut];
            let first = read(&mut stream);
            let last = if cut < 7 { first } else { read(&mut stream) };
            let at_a_boundary = cut == 0 || cut == 7;
            assert_eq!(matches!(last, Err(FrameError::EndOfFile)), at_a_boundary, "cut at {cut}");
            assert_eq!(matches!(last, Err(FrameError::Truncated { .. })), !at_a_boundary, "cut at {cut}");
        }
    }

    #[test]
    fn the_end_of_the_stream_before_a_body_of_one_byte_is_truncation() {
        let error = read(&mut &b"\0\0\0\x01"[..]).expect_err("the body is missing");
        assert!(matches!(error, FrameError::Truncated { expected: 1, received: 0 }), "{error:?}");
    }

    #[test]
    fn an_invalid_length_is_an_error() {
        for stream in [&b"\xff\xff\xff\xfe"[..], b"\x80\0\0\0", b"\xff\xff\xff\xff\x80\0\0\0\0\0\0\0"] {
            assert!(matches!(read(&mut &stream[..]), Err(FrameError::BadLength { .. })), "{stream:?}");
        }
    }

    #[test]
    fn a_large_length_allocates_no_memory_before_the_body_arrives() {
        let stream = b"\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff only this";
        let mut stream = &stream[..];
        let length = read_length(&mut stream).expect("it is a length");
        let mut buffer = Vec::new();
        let error = read_body(&mut stream, length, &mut buffer).expect_err("the body is cut off");
        assert!(matches!(error, FrameError::Truncated { received: 10, .. }), "{error:?}");
        assert!(buffer.capacity() <= 2 * FIRST_ALLOCATION, "{} bytes were allocated", buffer.capacity());
    }
}
