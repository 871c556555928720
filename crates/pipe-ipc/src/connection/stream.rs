//! Blocking reads and writes on a descriptor that other processes may share.

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::event::PollFlags;
use rustix::fs::{OFlags, fcntl_getfl};
use rustix::net::sockopt::{Timeout, socket_timeout};

use super::frame::Source;
use super::poll;

/// A stream that blocks even if its descriptor is non-blocking, and continues after signals.
///
/// `O_NONBLOCK` belongs to the open file description, which all copies of a descriptor share, in other processes too: a
/// process that sets it on its copy sets it on all copies.
///
/// A timeout of a socket (`SO_RCVTIMEO`, `SO_SNDTIMEO`) stays in force, because it is only ever set on purpose. The system
/// reports both in the same way, as `WouldBlock`.
#[derive(Debug)]
pub(super) struct BlockingStream<S>(pub(super) S);

impl<S: AsFd> BlockingStream<S> {
    fn retry<T>(
        &mut self,
        wanted: PollFlags,
        mut call: impl FnMut(&mut S) -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            match call(&mut self.0) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.wait(wanted)?,
                result => return result,
            }
        }
    }

    /// Waits until the call can be repeated.
    fn wait(&self, wanted: PollFlags) -> io::Result<()> {
        let Some(timeout) = timeout(&self.0, wanted) else {
            return poll::wait_for(wanted, &[&self.0], None).map(drop);
        };
        // A blocking call has already waited for the timeout; a non-blocking one has not waited at all.
        let nonblocking = fcntl_getfl(&self.0)?.contains(OFlags::NONBLOCK);
        let left = if nonblocking { timeout } else { Duration::ZERO };
        if poll::wait_for(wanted, &[&self.0], Some(left))?.is_empty() {
            return Err(timed_out(wanted, timeout));
        }
        Ok(())
    }
}

/// Returns the timeout for reading or writing, if the stream is a socket that has one.
fn timeout(stream: impl AsFd, wanted: PollFlags) -> Option<Duration> {
    let which = if wanted == PollFlags::IN { Timeout::Recv } else { Timeout::Send };
    socket_timeout(stream, which).ok().flatten()
}

fn timed_out(wanted: PollFlags, timeout: Duration) -> io::Error {
    let message = if wanted == PollFlags::IN {
        format!("no data received for {timeout:?}, the timeout of the socket (SO_RCVTIMEO)")
    } else {
        format!("no data accepted for {timeout:?}, the timeout of the socket (SO_SNDTIMEO)")
    };
    io::Error::new(ErrorKind::TimedOut, message)
}

impl<S: Read + AsFd> Read for BlockingStream<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.retry(PollFlags::IN, |stream| stream.read(buffer))
    }
}

impl<S: Read + AsFd> Source for BlockingStream<S> {}

impl<S: Write + AsFd> Write for BlockingStream<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.retry(PollFlags::OUT, |stream| stream.write(bytes))
    }

    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        self.retry(PollFlags::OUT, |stream| stream.write_vectored(parts))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::PipeReader;
    use std::os::fd::BorrowedFd;

    use super::*;

    /// A pipe of which every second read is interrupted by a signal.
    struct Interrupted {
        reader: PipeReader,
        interrupt: bool,
    }

    impl AsFd for Interrupted {
        fn as_fd(&self) -> BorrowedFd<'_> {
            self.reader.as_fd()
        }
    }

    impl Read for Interrupted {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.interrupt = !self.interrupt;
            if self.interrupt { Err(ErrorKind::Interrupted.into()) } else { self.reader.read(buffer) }
        }
    }

    #[test]
    fn interrupted_reads_are_repeated() {
        let (reader, mut writer) = io::pipe().expect("a pipe can be created");
        writer.write_all(b"ok").expect("the pipe has space");
        let mut stream = BlockingStream(Interrupted { reader, interrupt: false });
        for expected in b"ok" {
            let mut byte = [0];
            assert_eq!(stream.read(&mut byte).expect("the read is repeated"), 1);
            assert_eq!(byte, [*expected]);
        }
    }
}
