//! The framing on the wire: a header with the length, then the body.
//!
//! Up to `0x7fff_ffff` bytes the header is the length as a signed big-endian number of 4 bytes; above, it is −1 so
//! written, then the length as an unsigned big-endian number of 8 bytes (CPython: `Connection._send_bytes`).

use std::io::{self, IoSlice, Read, Write};

use crate::error::{Error, Result};

/// What stands in the place of a short length when the long one follows.
const LONG_FOLLOWS: i32 = -1;

/// How much room a body gets before any of it has arrived. A header alone must not cost memory.
const FIRST_ROOM: u64 = 64 * 1024;

/// Writes one message, header and body in one call to the system where it takes them.
pub(crate) fn write(stream: &mut impl Write, body: &[u8]) -> Result<()> {
    let header = header(body.len());
    let mut parts = [IoSlice::new(&header), IoSlice::new(body)];
    let mut parts = &mut parts[..];
    // Leaves an empty body out: an empty message is its header alone.
    IoSlice::advance_slices(&mut parts, 0);
    while !parts.is_empty() {
        match stream.write_vectored(parts) {
            Ok(0) => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
            Ok(written) => IoSlice::advance_slices(&mut parts, written),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Reads one message, and not a byte beyond it.
pub(crate) fn read(stream: &mut impl Read) -> Result<Vec<u8>> {
    let length = read_length(stream)?;
    let mut body = Vec::with_capacity(usize::try_from(length.min(FIRST_ROOM)).expect("it is small"));
    stream.take(length).read_to_end(&mut body)?;
    let received = body.len() as u64;
    if received < length {
        return Err(Error::Truncated { expected: length, received });
    }
    Ok(body)
}

fn header(length: usize) -> Vec<u8> {
    match i32::try_from(length) {
        Ok(short) => short.to_be_bytes().to_vec(),
        Err(_) => [&LONG_FOLLOWS.to_be_bytes()[..], &(length as u64).to_be_bytes()].concat(),
    }
}

fn read_length(stream: &mut impl Read) -> Result<u64> {
    let short = i32::from_be_bytes(read_part(stream)?.ok_or(Error::EndOfFile)?);
    if short != LONG_FOLLOWS {
        return u64::try_from(short).map_err(|_| Error::BadLength { length: short.into() });
    }
    let long = read_part(stream)?.ok_or(Error::Truncated { expected: 8, received: 0 })?;
    let long = u64::from_be_bytes(long);
    if i64::try_from(long).is_err() {
        return Err(Error::BadLength { length: long.into() });
    }
    Ok(long)
}

/// Reads exactly `N` bytes; `None` if the stream ends before the first.
fn read_part<const N: usize>(stream: &mut impl Read) -> Result<Option<[u8; N]>> {
    let mut part = [0; N];
    let mut received = 0;
    while received < N {
        match stream.read(&mut part[received..]) {
            Ok(0) if received == 0 => return Ok(None),
            Ok(0) => return Err(Error::Truncated { expected: N as u64, received: received as u64 }),
            Ok(count) => received += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(body: &[u8]) -> Vec<u8> {
        let mut stream = Vec::new();
        write(&mut stream, body).expect("memory takes everything");
        stream
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
        assert_eq!(header(0x7fff_ffff), [0x7f, 0xff, 0xff, 0xff]);
        assert_eq!(header(0x8000_0000), [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0x80, 0, 0, 0]);
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
        let error = read(&mut &claim[..]).expect_err("the body never comes");
        assert!(matches!(error, Error::Truncated { received: 10, .. }), "{error}");
    }
}
