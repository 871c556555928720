//! The body of a response, in pieces: the padding that all pictures share is borrowed, not copied into each.

use std::borrow::Cow;
use std::io::{self, Read};
use std::slice;

/// A sequence of byte pieces.
#[derive(Debug)]
pub(crate) struct Body(pub(crate) Vec<Cow<'static, [u8]>>);

impl Body {
    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(|piece| piece.len()).sum()
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.0.concat()
    }

    pub(crate) fn reader(&self) -> BodyReader<'_> {
        BodyReader { unread: &[], pieces: self.0.iter() }
    }
}

/// Reads the pieces of a body one after the other.
pub(crate) struct BodyReader<'a> {
    /// The rest of the current piece.
    unread: &'a [u8],
    pieces: slice::Iter<'a, Cow<'static, [u8]>>,
}

impl Read for BodyReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.unread.is_empty() {
            let Some(piece) = self.pieces.next() else { return Ok(0) };
            self.unread = piece;
        }
        self.unread.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_yields_its_pieces_in_order_for_every_buffer_size() {
        let body = Body(vec![vec![1, 2, 3].into(), vec![].into(), vec![4].into(), vec![5, 6].into()]);
        assert_eq!((body.len(), body.to_bytes()), (6, vec![1, 2, 3, 4, 5, 6]));
        for size in 1..=7 {
            let mut reader = body.reader();
            let mut bytes: Vec<u8> = Vec::new();
            let mut buffer = vec![0; size];
            while let count @ 1.. = reader.read(&mut buffer).unwrap() {
                bytes.extend(&buffer[..count]);
            }
            assert_eq!(bytes, [1, 2, 3, 4, 5, 6], "buffer of {size} bytes");
        }
    }
}
