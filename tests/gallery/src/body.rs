//! The body of a response, in pieces: the padding that all pictures share is borrowed, not copied into each.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, Read};

/// A readable sequence of byte pieces. Cloning is cheap for borrowed pieces.
#[derive(Debug, Clone, Default)]
pub(crate) struct Body {
    pieces: VecDeque<Cow<'static, [u8]>>,
    /// Number of bytes already read from the first piece.
    position: usize,
}

impl Body {
    /// Returns the number of unread bytes.
    pub(crate) fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.len()).sum::<usize>() - self.position
    }

    /// Returns all unread bytes.
    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.len());
        self.read_to_end(&mut bytes).expect("reading from memory cannot fail");
        bytes
    }
}

impl<Piece: Into<Cow<'static, [u8]>>> FromIterator<Piece> for Body {
    fn from_iter<Pieces: IntoIterator<Item = Piece>>(pieces: Pieces) -> Self {
        Self { pieces: pieces.into_iter().map(Into::into).collect(), position: 0 }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from_iter([bytes])
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(piece) = self.pieces.front() {
            let mut unread = &piece[self.position..];
            if !unread.is_empty() {
                let count = unread.read(buffer)?;
                self.position += count;
                return Ok(count);
            }
            self.pieces.pop_front();
            self.position = 0;
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_yields_its_pieces_in_order_for_every_buffer_size() {
        for size in 1..=7 {
            let mut body: Body = [vec![1, 2, 3], vec![], vec![4], vec![5, 6]].into_iter().collect();
            let mut bytes: Vec<u8> = Vec::new();
            while body.len() > 0 {
                let mut buffer = vec![0; size];
                let count = body.read(&mut buffer).unwrap();
                bytes.extend(&buffer[..count]);
                assert_eq!(body.len(), 6 - bytes.len());
            }
            assert_eq!(bytes, [1, 2, 3, 4, 5, 6], "buffer of {size} bytes");
            assert_eq!(body.read(&mut [0]).unwrap(), 0);
        }
    }
}
