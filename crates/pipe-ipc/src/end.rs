//! The ends of a pipe and of a socket pair.

use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::Stdio;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::{frame, object, stdin};

/// A one-way pipe, Python's `Pipe(False)`: what the second end sends, the first receives.
///
/// # Errors
/// When the system has no more descriptors to give.
pub fn pipe() -> io::Result<(Receiver, Sender)> {
    let (reader, writer) = os_pipe::pipe()?;
    Ok((OwnedFd::from(reader).into(), OwnedFd::from(writer).into()))
}

/// A two-way connection, Python's `Pipe()`: each end sends to the other and receives from it.
///
/// # Errors
/// When the system has no more descriptors to give.
pub fn duplex() -> io::Result<(Connection, Connection)> {
    let (left, right) = UnixStream::pair()?;
    Ok((OwnedFd::from(left).into(), OwnedFd::from(right).into()))
}

/// The end of a pipe that receives.
#[derive(Debug)]
pub struct Receiver {
    stream: PipeReader,
    out_of_step: OutOfStep,
}

/// The end of a pipe that sends. Dropped, it is closed: the receiver comes to the end once every copy is.
#[derive(Debug)]
pub struct Sender {
    stream: PipeWriter,
}

/// An end of a two-way connection. Dropped, it is closed, in both directions.
#[derive(Debug)]
pub struct Connection {
    stream: UnixStream,
    out_of_step: OutOfStep,
}

impl Receiver {
    /// Waits for an object and receives it, Python's `recv`. Whoever sends must be trusted not to nest lists by the
    /// thousand: reading such a pickle takes more stack than a thread has.
    ///
    /// # Errors
    /// [`Error::EndOfFile`] when nothing more will come; [`Error::Object`] when the message is no `T` (it is consumed,
    /// and the next can be received); as [`Receiver::recv_bytes`] otherwise.
    pub fn recv<T: DeserializeOwned>(&mut self) -> Result<T> {
        object::from_bytes(&self.recv_bytes()?)
    }

    /// Waits for a message and receives it whole, Python's `recv_bytes`.
    ///
    /// # Errors
    /// [`Error::EndOfFile`] when nothing more will come, and again at each later call; [`Error::Truncated`] when the
    /// stream ends inside the message; [`Error::BadLength`] when the other side does not speak this framing, and again
    /// at each later call; [`Error::Io`].
    pub fn recv_bytes(&mut self) -> Result<Vec<u8>> {
        self.out_of_step.read(&mut self.stream)
    }

    /// Takes this process's standard input as the end that its parent handed to it.
    ///
    /// # Errors
    /// As [`Connection::from_stdin`].
    pub fn from_stdin() -> io::Result<Self> {
        stdin::take().map(Self::from)
    }

    /// A second handle to the same end, for another process. Two readers of one pipe need a lock: see
    /// [`Queue`](crate::Queue).
    ///
    /// # Errors
    /// When the system has no more descriptors to give.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(OwnedFd::from(self.stream.try_clone()?).into())
    }
}

impl Sender {
    /// Sends an object, Python's `send`. Waits while the pipe is full.
    ///
    /// # Errors
    /// [`Error::Object`] when the value cannot be pickled (nothing is sent); [`Error::Io`] of kind `BrokenPipe` when
    /// nobody receives any more.
    pub fn send<T: Serialize + ?Sized>(&mut self, object: &T) -> Result<()> {
        self.send_bytes(&object::to_bytes(object)?)
    }

    /// Sends a message, Python's `send_bytes`: an offset and a size are a range of a slice here. Waits while the pipe is
    /// full.
    ///
    /// # Errors
    /// [`Error::Io`] of kind `BrokenPipe` when nobody receives any more, for an empty message too.
    pub fn send_bytes(&mut self, message: &[u8]) -> Result<()> {
        frame::write(&mut self.stream, message)
    }

    /// Takes this process's standard input as the end that its parent handed to it.
    ///
    /// # Errors
    /// As [`Connection::from_stdin`].
    pub fn from_stdin() -> io::Result<Self> {
        stdin::take().map(Self::from)
    }

    /// A second handle to the same end, for another process. Two writers of one pipe need a lock: see
    /// [`Queue`](crate::Queue).
    ///
    /// # Errors
    /// When the system has no more descriptors to give.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(OwnedFd::from(self.stream.try_clone()?).into())
    }
}

impl Connection {
    /// Waits for an object and receives it, as [`Receiver::recv`].
    ///
    /// # Errors
    /// As [`Receiver::recv`]; [`Error::Io`] of kind `ConnectionReset`, once, when the other side closed its end with
    /// something from us unread.
    pub fn recv<T: DeserializeOwned>(&mut self) -> Result<T> {
        object::from_bytes(&self.recv_bytes()?)
    }

    /// Waits for a message and receives it whole, as [`Receiver::recv_bytes`].
    ///
    /// # Errors
    /// As [`Connection::recv`], without those of objects.
    pub fn recv_bytes(&mut self) -> Result<Vec<u8>> {
        self.out_of_step.read(&mut self.stream)
    }

    /// Sends an object, as [`Sender::send`].
    ///
    /// # Errors
    /// As [`Sender::send`].
    pub fn send<T: Serialize + ?Sized>(&mut self, object: &T) -> Result<()> {
        self.send_bytes(&object::to_bytes(object)?)
    }

    /// Sends a message, as [`Sender::send_bytes`].
    ///
    /// # Errors
    /// As [`Sender::send_bytes`].
    pub fn send_bytes(&mut self, message: &[u8]) -> Result<()> {
        frame::write(&mut self.stream, message)
    }

    /// Takes this process's standard input as the end that its parent handed to it. From then on the standard input is
    /// empty, and the end is closed when the value is dropped.
    ///
    /// # Errors
    /// When standard input is neither a pipe nor a socket (a terminal or a file, say), or has been taken already.
    pub fn from_stdin() -> io::Result<Self> {
        stdin::take().map(Self::from)
    }
}

/// Whether an end has lost the beginnings of its messages: after a bad length nothing on it makes sense any more.
#[derive(Debug, Default)]
struct OutOfStep(Option<i128>);

impl OutOfStep {
    fn read(&mut self, stream: &mut impl io::Read) -> Result<Vec<u8>> {
        if let Some(length) = self.0 {
            return Err(Error::BadLength { length });
        }
        let message = frame::read(stream);
        if let Err(Error::BadLength { length }) = message {
            self.0 = Some(length);
        }
        message
    }
}

impl From<OwnedFd> for Receiver {
    fn from(descriptor: OwnedFd) -> Self {
        Self { stream: descriptor.into(), out_of_step: OutOfStep::default() }
    }
}

impl From<OwnedFd> for Sender {
    fn from(descriptor: OwnedFd) -> Self {
        Self { stream: descriptor.into() }
    }
}

impl From<OwnedFd> for Connection {
    fn from(descriptor: OwnedFd) -> Self {
        Self { stream: descriptor.into(), out_of_step: OutOfStep::default() }
    }
}

/// What every end is: a descriptor that can be looked at, taken out, and handed to a child as its standard input.
macro_rules! descriptor {
    ($($end:ty),*) => {$(
        impl AsFd for $end {
            fn as_fd(&self) -> BorrowedFd<'_> {
                self.stream.as_fd()
            }
        }

        impl From<$end> for OwnedFd {
            fn from(end: $end) -> Self {
                end.stream.into()
            }
        }

        impl From<$end> for Stdio {
            fn from(end: $end) -> Self {
                OwnedFd::from(end).into()
            }
        }
    )*};
}

descriptor!(Receiver, Sender, Connection);
