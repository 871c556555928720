//! Reading and writing on a descriptor that others may hold too.

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::os::fd::AsFd;

use rustix::event::PollFlags;

use crate::ready;

/// A stream that waits, even where another holder has told it not to.
///
/// `O_NONBLOCK` belongs to the open description, which every copy of a descriptor shares, in other processes too: whoever
/// sets it on one copy sets it on all. Interruptions by signals are gone on from here as well.
#[derive(Debug)]
pub(crate) struct Patient<S>(pub(crate) S);

impl<S: AsFd> Patient<S> {
    fn retry<T>(
        &mut self,
        wanted: PollFlags,
        mut call: impl FnMut(&mut S) -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            match call(&mut self.0) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    ready::wait_for(wanted, &[&self.0], None)?;
                }
                result => return result,
            }
        }
    }
}

impl<S: Read + AsFd> Read for Patient<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.retry(PollFlags::IN, |stream| stream.read(into))
    }
}

impl<S: Write + AsFd> Write for Patient<S> {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        self.retry(PollFlags::OUT, |stream| stream.write(from))
    }

    fn write_vectored(&mut self, from: &[IoSlice<'_>]) -> io::Result<usize> {
        self.retry(PollFlags::OUT, |stream| stream.write_vectored(from))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
