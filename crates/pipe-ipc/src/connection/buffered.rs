//! Buffered ends: many small messages in one system call.

use std::io::{self, BufReader, BufWriter, ErrorKind, PipeReader, PipeWriter, Write};

use super::frame::Source;
use super::receiver::{CloseReading, ReceiveState, Receiver, dev_null, receive_methods};
use super::sender::{SendState, SendStream, Sender, send_methods};
use super::stream::BlockingStream;
use crate::error::Result;

/// The capacity of a buffer, in bytes. Larger buffers save no more time.
const CAPACITY: usize = 65_536;

/// A [`Sender`] with a buffer: it sends many small messages in one system call.
///
/// **The peer receives no message that is still in the buffer.** The buffer is sent when it holds 64 KiB, by
/// [`flush`](Self::flush) and by [`finish`](Self::finish). If you wait for an answer to a message that was not flushed, you
/// wait forever. Dropping the sender flushes it too, blocks while the pipe is full, and ignores errors. After an error
/// that makes the sender fail permanently, the buffer is discarded.
///
/// It does not implement `AsFd` and cannot be passed to a child, because a copy of the descriptor would lack the buffered
/// messages. Call [`finish`](Self::finish) first.
///
/// ```
/// use pipe_ipc::pipe;
///
/// let (receiver, sender) = pipe()?;
/// let (mut receiver, mut sender) = (receiver.buffered(), sender.buffered());
/// for number in 0..1000 {
///     sender.send(&number)?;
/// }
/// sender.finish()?.close();
/// assert_eq!(receiver.recv::<i32>()?, 0);
/// # Ok::<(), pipe_ipc::Error>(())
/// ```
#[derive(Debug)]
pub struct BufferedSender {
    stream: BufWriter<Outlet>,
    send_state: SendState,
}

/// A [`Receiver`] with a buffer: it reads many small messages in one system call.
///
/// **No other reader of the pipe receives the messages in the buffer,** and the descriptor looks empty while they wait
/// there. So the receiver does not implement `AsFd`: it cannot be polled, waited for, shared or passed to a child, and it
/// cannot be turned back into a [`Receiver`].
#[derive(Debug)]
pub struct BufferedReceiver {
    stream: BufReader<BlockingStream<PipeReader>>,
    receive_state: ReceiveState,
}

// send, send_object, send_bytes, send_bytes_range
send_methods!(BufferedSender);
// recv, recv_object, recv_bytes, recv_bytes_at_most, recv_bytes_into
receive_methods!(BufferedReceiver);

/// The stream below the buffer. A [`BufWriter`] writes its buffer when it is dropped: `closed` prevents it.
#[derive(Debug)]
struct Outlet {
    stream: BlockingStream<PipeWriter>,
    closed: bool,
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed { Err(ErrorKind::BrokenPipe.into()) } else { self.stream.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl SendStream for BufWriter<Outlet> {
    fn room(&self) -> Option<usize> {
        Some(self.capacity() - self.buffer().len())
    }

    fn discard(&mut self) {
        self.get_mut().closed = true;
    }
}

impl Sender {
    /// Adds a buffer. A message is then sent only when the buffer is full or flushed; see [`BufferedSender`].
    #[must_use]
    pub fn buffered(self) -> BufferedSender {
        BufferedSender {
            stream: BufWriter::with_capacity(CAPACITY, Outlet { stream: self.stream, closed: false }),
            send_state: self.send_state,
        }
    }
}

impl BufferedSender {
    /// Sends the messages in the buffer. Blocks while the pipe is full.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io). If it is of kind `BrokenPipe` or `ConnectionReset`, every receiving end is closed,
    /// and every later call fails. After another error, such as a timeout of a socket, the bytes that were not sent stay in
    /// the buffer: call `flush` again. [`Error::Desynchronized`](crate::Error::Desynchronized) if an earlier call that sends
    /// has failed with it.
    pub fn flush(&mut self) -> Result<()> {
        self.send_state.flush(&mut self.stream)
    }

    /// Flushes the buffer and returns the underlying sender.
    ///
    /// # Errors
    /// As [`flush`](Self::flush). The sender is closed then, and what is left in the buffer is discarded.
    pub fn finish(mut self) -> Result<Sender> {
        let flushed = self.flush();
        let (outlet, _discarded) = self.stream.into_parts();
        flushed?;
        Ok(Sender { stream: outlet.stream, send_state: self.send_state })
    }
}

impl Receiver {
    /// Adds a buffer. The receiver then reads as much as the pipe holds; see [`BufferedReceiver`].
    #[must_use]
    pub fn buffered(self) -> BufferedReceiver {
        BufferedReceiver {
            stream: BufReader::with_capacity(CAPACITY, self.stream),
            receive_state: self.receive_state,
        }
    }
}

impl Source for BufReader<BlockingStream<PipeReader>> {
    fn ready(&self) -> usize {
        self.buffer().len()
    }
}

impl CloseReading for BufferedReceiver {
    fn close_reading(&mut self) {
        if let Ok(dev_null) = dev_null() {
            self.stream = BufReader::new(BlockingStream(dev_null));
        }
    }
}
