//! Pipes, two-way connections, and their ends.

mod buffered;
mod descriptor;
mod frame;
mod pipe_size;
mod poison;
mod poll;
mod queue;
mod receiver;
mod sender;
mod stdin;
mod stream;

pub use buffered::{BufferedReceiver, BufferedSender};
pub use poll::{Waitable, wait};
pub use queue::Queue;
pub use receiver::Receiver;
pub use sender::Sender;

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

use descriptor::descriptor_methods;
use receiver::{CloseReading, ReceiveState, poll_method, receive_methods};
use sender::{SendState, send_methods};
use stream::BlockingStream;

/// Creates a one-way pipe, as Python's `Pipe(False)`: the first end receives what the second sends.
///
/// On Linux, the pipe holds 1 MiB, which counts at once towards the limit for all pipes of a user that is not privileged
/// (`fs.pipe-user-pages-soft`, 64 MiB by default). From the 65th such pipe on, every new pipe of the user, in other programs
/// too, holds only 8 KiB. If you need many pipes, convert the ends of [`std::io::pipe`], which hold 64 KiB.
///
/// # Errors
/// If the system has no descriptors left.
pub fn pipe() -> io::Result<(Receiver, Sender)> {
    let (reader, writer) = os_pipe::pipe()?;
    pipe_size::enlarge_pipe(&writer);
    // Converted to std's types: os_pipe's writer does not forward `write_vectored`.
    Ok((OwnedFd::from(reader).into(), OwnedFd::from(writer).into()))
}

/// Creates a two-way connection, as Python's `Pipe()`: each end both sends to the other and receives from it.
///
/// # Errors
/// If the system has no descriptors left.
pub fn duplex() -> io::Result<(Connection, Connection)> {
    let (left, right) = UnixStream::pair()?;
    pipe_size::enlarge_socket(&left);
    pipe_size::enlarge_socket(&right);
    Ok((left.into(), right.into()))
}

/// An end of a two-way connection. Dropping it closes both directions.
///
/// Using one end in two threads does not compile ("cannot borrow as mutable more than once", E0499). In CPython, each
/// thread may get half of a message. One thread may send while another receives: see [`split`](Connection::split).
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

/// The half of a [`Connection`] that receives; see [`split`](Connection::split).
#[derive(Debug)]
pub struct ReceivingHalf<'a> {
    stream: BlockingStream<&'a UnixStream>,
    receive_state: &'a mut ReceiveState,
}

/// The half of a [`Connection`] that sends; see [`split`](Connection::split).
#[derive(Debug)]
pub struct SendingHalf<'a> {
    stream: BlockingStream<&'a UnixStream>,
    send_state: &'a mut SendState,
}

// recv, recv_object, recv_bytes, recv_bytes_at_most, recv_bytes_into
receive_methods!(Connection, ReceivingHalf<'_>);
// poll
poll_method!(Connection, ReceivingHalf<'_>);
// send, send_object, send_bytes, send_bytes_range
send_methods!(Connection, SendingHalf<'_>);
// from_stdin, close, AsFd, AsRawFd, conversions to and from OwnedFd, UnixStream and Stdio
descriptor_methods!(Connection, UnixStream, Duplex);

impl Waitable for Receiver {}
impl Waitable for Connection {}

// The other direction is still in use: nothing is closed.
impl CloseReading for Connection {}
impl CloseReading for ReceivingHalf<'_> {}

impl Connection {
    /// Borrows the two directions separately, so that one thread can send while another receives.
    ///
    /// ```
    /// use std::thread;
    ///
    /// use pipe_ipc::duplex;
    ///
    /// let (mut left, mut right) = duplex()?;
    /// let echo = thread::spawn(move || {
    ///     while let Ok(message) = right.recv_bytes() {
    ///         right.send_bytes(&message).expect("the other end is open");
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
    /// # echo.join().expect("the thread does not panic");
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

/// A timeout of the stream ([`set_read_timeout`](UnixStream::set_read_timeout)) stays in force for each wait for more bytes.
/// At the start of a message it is [`Error::Io`](crate::Error::Io) of kind `TimedOut`: nothing is lost, and the call can be
/// repeated. Inside a message it is [`Error::Desynchronized`](crate::Error::Desynchronized).
impl From<UnixStream> for Connection {
    fn from(stream: UnixStream) -> Self {
        Self {
            stream: BlockingStream(stream),
            receive_state: ReceiveState::default(),
            send_state: SendState::default(),
        }
    }
}
