//! Reading and writing on a descriptor that others may hold too.

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::event::PollFlags;
use rustix::fs::{OFlags, fcntl_getfl};
use rustix::net::sockopt::{Timeout, socket_timeout};

use crate::connection::poll;

/// A stream that waits, even where another holder has told it not to.
///
/// `O_NONBLOCK` belongs to the open description, which every copy of a descriptor shares, in other processes too: whoever
/// sets it on one copy sets it on all. Interruptions by signals are gone on from here as well.
///
/// A time limit of a socket (`SO_RCVTIMEO`, `SO_SNDTIMEO`) is kept: nobody sets one by the way. The system tells both in the
/// same way, as `WouldBlock`.
#[derive(Debug)]
pub(crate) struct BlockingStream<S>(pub(crate) S);

impl<S: AsFd> BlockingStream<S> {
    fn retry<T>(
        &mut self,
        wanted: PollFlags,
        mut call: impl FnMut(&mut S) -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            match call(&mut self.0) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.wait(wanted)?;
                }
                result => return result,
            }
        }
    }

    /// Waits until it can go on.
    fn wait(&self, wanted: PollFlags) -> io::Result<()> {
        let limit = time_limit(&self.0, wanted);
        let told_not_to_wait = fcntl_getfl(&self.0)?.contains(OFlags::NONBLOCK);
        // Otherwise the system has waited that long already.
        let left = if told_not_to_wait { limit } else { limit.and(Some(Duration::ZERO)) };
        match limit {
            Some(limit) if poll::wait_for(wanted, &[&self.0], left)?.is_empty() => {
                Err(timed_out(wanted, limit))
            }
            Some(_) => Ok(()),
            None => poll::wait_for(wanted, &[&self.0], None).map(drop),
        }
    }
}

/// How long reading or writing may wait, if the socket has such a limit. Nothing else has.
fn time_limit(stream: impl AsFd, wanted: PollFlags) -> Option<Duration> {
    let of = if wanted == PollFlags::IN { Timeout::Recv } else { Timeout::Send };
    socket_timeout(stream, of).ok().flatten()
}

fn timed_out(wanted: PollFlags, limit: Duration) -> io::Error {
    let message = if wanted == PollFlags::IN {
        format!("nothing has come for {limit:?}, the time limit of the socket (SO_RCVTIMEO)")
    } else {
        format!("nothing was taken for {limit:?}, the time limit of the socket (SO_SNDTIMEO)")
    };
    io::Error::new(ErrorKind::TimedOut, message)
}

impl<S: Read + AsFd> Read for BlockingStream<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.retry(PollFlags::IN, |stream| stream.read(into))
    }
}

impl<S: Write + AsFd> Write for BlockingStream<S> {
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
