//! The bytes of a message, read from front to back.

use super::error::{PickleError, Result};

/// The rest of a message. A length in the message is compared with it before anything of that length is allocated.
///
/// In all methods, `inside` names what would be cut off if the message ended here; it goes into the error.
#[derive(Debug)]
pub(super) struct Input<'a> {
    rest: &'a [u8],
    length: usize,
}

impl<'a> Input<'a> {
    pub(super) fn new(message: &'a [u8]) -> Self {
        Self { rest: message, length: message.len() }
    }

    /// Returns the number of bytes read so far.
    pub(super) fn position(&self) -> usize {
        self.length - self.rest.len()
    }

    pub(super) fn byte(&mut self, inside: &'static str) -> Result<u8> {
        let [byte] = self.array(inside)?;
        Ok(byte)
    }

    pub(super) fn array<const N: usize>(&mut self, inside: &'static str) -> Result<[u8; N]> {
        let (array, rest) = self.rest.split_first_chunk().ok_or_else(|| self.truncated(inside))?;
        self.rest = rest;
        Ok(*array)
    }

    pub(super) fn bytes(&mut self, length: u64, inside: &'static str) -> Result<&'a [u8]> {
        let parts = usize::try_from(length).ok().and_then(|length| self.rest.split_at_checked(length));
        let (bytes, rest) = parts.ok_or_else(|| self.truncated(inside))?;
        self.rest = rest;
        Ok(bytes)
    }

    /// Reads a line and returns it without the newline.
    pub(super) fn line(&mut self, inside: &'static str) -> Result<&'a [u8]> {
        let mut parts = self.rest.splitn(2, |byte| *byte == b'\n');
        let (Some(line), Some(rest)) = (parts.next(), parts.next()) else {
            return Err(self.truncated(inside));
        };
        self.rest = rest;
        Ok(line)
    }

    /// Checks that at least `length` bytes are left.
    pub(super) fn check_remaining(&self, length: u64, inside: &'static str) -> Result<()> {
        if length > self.rest.len() as u64 { Err(self.truncated(inside)) } else { Ok(()) }
    }

    fn truncated(&self, inside: &'static str) -> PickleError {
        PickleError::Truncated { inside, at: self.length }
    }
}
