//! The body of an answer, in pieces: what all pictures have in common is held once, and not copied into each.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, Read};

/// Bytes to be sent, read from the front. A clone of what is not yet read costs little: the large pieces are shared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Body {
    pieces: VecDeque<Cow<'static, [u8]>>,
    /// How much of the first piece has been read.
    read: usize,
}

impl Body {
    /// How many bytes are left to be read.
    pub(crate) fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.len()).sum::<usize>() - self.read
    }

    /// All that is left, in one piece.
    pub(crate) fn bytes(mut self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.len());
        self.read_to_end(&mut bytes).expect("reading from memory cannot fail");
        bytes
    }
}

impl<Piece: Into<Cow<'static, [u8]>>> FromIterator<Piece> for Body {
    fn from_iter<Pieces: IntoIterator<Item = Piece>>(pieces: Pieces) -> Self {
        Self { pieces: pieces.into_iter().map(Into::into).collect(), read: 0 }
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
            let rest = &piece[self.read..];
            if !rest.is_empty() {
                let count = rest.len().min(buffer.len());
                buffer[..count].copy_from_slice(&rest[..count]);
                self.read += count;
                return Ok(count);
            }
            self.pieces.pop_front();
            self.read = 0;
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_its_pieces_one_after_the_other_however_they_are_read() {
        for count in 1..=7 {
            let mut body: Body = [vec![1, 2, 3], vec![], vec![4], vec![5, 6]].into_iter().collect();
            let mut seen: Vec<u8> = Vec::new();
            while body.len() > 0 {
                let mut buffer = vec![0; count];
                let filled = body.read(&mut buffer).unwrap();
                seen.extend(&buffer[..filled]);
                assert_eq!(body.len(), 6 - seen.len());
            }
            assert_eq!(seen, [1, 2, 3, 4, 5, 6], "{count} at a time");
            assert_eq!(body.read(&mut [0]).unwrap(), 0);
        }
    }
}
