//! The ends of a pipe and of a socket pair.

mod buffered;
mod frame;
mod pipe_size;
mod poll;
mod queue;
mod receiver;
mod sender;
mod stdin;
mod stream;

pub use buffered::{BufferedReceiver, BufferedSender};
pub use poll::wait;
pub use queue::Queue;

use std::fs::File;
use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::process::Stdio;

use crate::connection::receiver::{CloseReading, ReceiveState, polls, receives};
use crate::connection::sender::{SendState, sends};
use crate::connection::stdin::Direction;
use crate::connection::stream::BlockingStream;

/// A one-way pipe, Python's `Pipe(False)`: what the second end sends, the first receives.
///
/// # Errors
/// When the system has no more descriptors to give.
pub fn pipe() -> io::Result<(Receiver, Sender)> {
    let (reader, writer) = os_pipe::pipe()?;
    pipe_size::of_pipe(&writer);
    // Converted, because os_pipe's own writer does not hand the two parts of a message over in one call.
    Ok((OwnedFd::from(reader).into(), OwnedFd::from(writer).into()))
}

/// A two-way connection, Python's `Pipe()`: each end sends to the other and receives from it.
///
/// # Errors
/// When the system has no more descriptors to give.
pub fn duplex() -> io::Result<(Connection, Connection)> {
    let (left, right) = UnixStream::pair()?;
    pipe_size::of_socket(&left);
    pipe_size::of_socket(&right);
    Ok((left.into(), right.into()))
}

/// The end of a pipe that receives.
///
/// The wrong direction does not compile ("no method named `send`", E0599), where `CPython` says at run time
/// `OSError: connection is read-only`:
///
/// ```compile_fail,E0599
/// let (mut receiver, _sender) = pipe_ipc::pipe()?;
/// receiver.send("the wrong way")?;
/// # Ok::<(), pipe_ipc::Error>(())
/// ```
#[derive(Debug)]
pub struct Receiver {
    pub(crate) stream: BlockingStream<PipeReader>,
    pub(crate) receive_state: ReceiveState,
}

/// The end of a pipe that sends. Dropped, it is closed: the receiver comes to the end once every copy is.
///
/// Nor does its use after it was closed compile, or handed to a child ("borrow of moved value", E0382), where `CPython` says
/// `OSError: handle is closed`:
///
/// ```compile_fail,E0382
/// let (_receiver, mut sender) = pipe_ipc::pipe()?;
/// sender.close();
/// sender.send("too late")?;
/// # Ok::<(), pipe_ipc::Error>(())
/// ```
#[derive(Debug)]
pub struct Sender {
    pub(crate) stream: BlockingStream<PipeWriter>,
    pub(crate) send_state: SendState,
}

/// An end of a two-way connection. Dropped, it is closed, in both directions.
///
/// Two threads on one end do not compile ("cannot borrow as mutable more than once", E0499), where in `CPython` each may
/// get half of a message. One that sends and one that receives do, by [`split`](Connection::split):
///
/// ```compile_fail,E0499
/// let (mut left, _right) = pipe_ipc::duplex()?;
/// std::thread::scope(|scope| {
///     scope.spawn(|| left.recv_bytes());
///     scope.spawn(|| left.recv_bytes());
/// });
/// # Ok::<(), pipe_ipc::Error>(())
/// ```
#[derive(Debug)]
pub struct Connection {
    stream: BlockingStream<UnixStream>,
    receive_state: ReceiveState,
    send_state: SendState,
}

/// What receives of a [`Connection`] that was [`split`](Connection::split).
#[derive(Debug)]
pub struct ReceivingHalf<'a> {
    stream: BlockingStream<&'a UnixStream>,
    receive_state: &'a mut ReceiveState,
}

/// What sends of a [`Connection`] that was [`split`](Connection::split).
#[derive(Debug)]
pub struct SendingHalf<'a> {
    stream: BlockingStream<&'a UnixStream>,
    send_state: &'a mut SendState,
}

receives!(Receiver, Connection, ReceivingHalf<'_>);
polls!(Receiver, Connection, ReceivingHalf<'_>);
sends!(Sender, Connection, SendingHalf<'_>);

impl Receiver {
    /// A second handle to the same end, for another process. Two readers of one pipe need a lock: see
    /// [`Queue`](crate::Queue). Where nothing can be received any more, it cannot there either.
    ///
    /// # Errors
    /// When the system has no more descriptors to give.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self {
            stream: BlockingStream(self.stream.0.try_clone()?),
            receive_state: self.receive_state.clone_state(),
        })
    }
}

impl Sender {
    /// A second handle to the same end, for another process. Two writers of one pipe need a lock: see
    /// [`Queue`](crate::Queue). Where nothing can be sent any more, it cannot there either.
    ///
    /// # Errors
    /// When the system has no more descriptors to give.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self {
            stream: BlockingStream(self.stream.0.try_clone()?),
            send_state: self.send_state.clone_state(),
        })
    }
}

impl Connection {
    /// Lends the two directions, so that one thread can send while another receives.
    ///
    /// ```
    /// use std::thread;
    ///
    /// use pipe_ipc::duplex;
    ///
    /// let (mut left, mut right) = duplex()?;
    /// let echo = thread::spawn(move || {
    ///     while let Ok(message) = right.recv_bytes() {
    ///         right.send_bytes(&message).expect("the other side receives");
    ///     }
    /// });
    /// let (mut receiving, mut sending) = left.split();
    /// let more_than_fits = vec![7; 16 << 20];
    /// thread::scope(|scope| {
    ///     scope.spawn(|| sending.send_bytes(&more_than_fits));
    ///     assert_eq!(receiving.recv_bytes()?, more_than_fits);
    ///     Ok::<(), pipe_ipc::Error>(())
    /// })?;
    /// # drop(left);
    /// # echo.join().expect("it ends");
    /// # Ok::<(), pipe_ipc::Error>(())
    /// ```
    pub fn split(&mut self) -> (ReceivingHalf<'_>, SendingHalf<'_>) {
        let stream = &self.stream.0;
        (
            ReceivingHalf { stream: BlockingStream(stream), receive_state: &mut self.receive_state },
            SendingHalf { stream: BlockingStream(stream), send_state: &mut self.send_state },
        )
    }
}

impl CloseReading for Receiver {
    fn close_reading(&mut self) {
        // Without a descriptor to spare the pipe stays open: a sender then waits until this end is dropped.
        if let Ok(nothing) = dev_null() {
            self.stream = BlockingStream(nothing);
        }
    }
}

// The other direction goes on: there is nothing to close.
impl CloseReading for Connection {}
impl CloseReading for ReceivingHalf<'_> {}

/// Something in the place of a pipe, of which nothing ever comes.
pub(crate) fn dev_null() -> io::Result<PipeReader> {
    Ok(OwnedFd::from(File::open("/dev/null")?).into())
}

impl From<PipeReader> for Receiver {
    fn from(stream: PipeReader) -> Self {
        Self { stream: BlockingStream(stream), receive_state: ReceiveState::default() }
    }
}

impl From<PipeWriter> for Sender {
    fn from(stream: PipeWriter) -> Self {
        Self { stream: BlockingStream(stream), send_state: SendState::default() }
    }
}

/// A time limit of the stream ([`set_read_timeout`](UnixStream::set_read_timeout)) goes on holding, for each wait for
/// more bytes, and an error says that it has passed. Where a message begins that is [`Error::Io`](crate::Error::Io) of
/// kind `TimedOut`: nothing is lost, and the next call begins with that message. Inside a message it is
/// [`Error::Desynchronized`](crate::Error::Desynchronized).
impl From<UnixStream> for Connection {
    fn from(stream: UnixStream) -> Self {
        Self {
            stream: BlockingStream(stream),
            receive_state: ReceiveState::default(),
            send_state: SendState::default(),
        }
    }
}

/// What every end is: a descriptor that can be adopted, looked at, taken out, and handed to a child as its standard input.
macro_rules! descriptor {
    ($($end:ident: $stream:ty, $use:ident);*) => {$(
        impl $end {
            /// Takes this process's standard input as the end that its parent handed to it. From then on the standard
            /// input is empty, and the end is closed when the value is dropped.
            ///
            /// # Errors
            /// Of kind `InvalidInput`, when standard input is no such end (a terminal, a file, a socket of datagrams, a
            /// pipe of the other direction, or a one-way one where a two-way one is wanted), or has been taken already.
            pub fn from_stdin() -> io::Result<Self> {
                stdin::take(Direction::$use).map(Self::from)
            }

            /// Closes the end, as dropping it does.
            pub fn close(self) {}
        }

        impl AsFd for $end {
            fn as_fd(&self) -> BorrowedFd<'_> {
                self.stream.0.as_fd()
            }
        }

        impl AsRawFd for $end {
            fn as_raw_fd(&self) -> RawFd {
                self.stream.0.as_raw_fd()
            }
        }

        impl From<OwnedFd> for $end {
            fn from(descriptor: OwnedFd) -> Self {
                <$stream>::from(descriptor).into()
            }
        }

        impl From<$end> for OwnedFd {
            fn from(end: $end) -> Self {
                end.stream.0.into()
            }
        }

        impl From<$end> for $stream {
            fn from(end: $end) -> Self {
                end.stream.0
            }
        }

        impl From<$end> for Stdio {
            fn from(end: $end) -> Self {
                OwnedFd::from(end).into()
            }
        }
    )*};
}

descriptor!(Receiver: PipeReader, Read; Sender: PipeWriter, Write; Connection: UnixStream, Duplex);
