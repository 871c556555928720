//! Many messages in one call to the system, for those who ask for it.

use std::io::{BufReader, BufWriter, PipeReader, PipeWriter, Write};

use crate::connection::receiver::{CloseReading, ReceiveState, receives};
use crate::connection::sender::{SendState, sends};
use crate::connection::stream::BlockingStream;
use crate::connection::{Receiver, Sender, dev_null};
use crate::error::Result;

/// As much as is worth one call to the system.
const ROOM: usize = 64 * 1024;

/// A [`Sender`] that keeps small messages back and sends many of them at once.
///
/// **What is kept back, nobody receives.** A message leaves when 64 KiB have come together, at
/// [`flush`](Self::flush), and at [`finish`](Self::finish). Whoever waits for an answer to a message that was not
/// flushed waits for ever. Dropped, it sends what it holds (and waits
/// while the pipe is full), and nobody learns whether that was received.
///
/// It is no descriptor: one that was handed on would lack what is kept back. Hence no `AsFd`, and no way to a child but
/// over [`finish`](Self::finish).
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
    stream: BufWriter<BlockingStream<PipeWriter>>,
    send_state: SendState,
}

/// A [`Receiver`] that reads as much as there is, and more than one message at a time.
///
/// **What is read ahead, nobody else receives**, and the descriptor looks empty when it is here. So it is no descriptor: it
/// cannot be polled, waited for among others, shared or handed on, and there is no way back to a [`Receiver`].
#[derive(Debug)]
pub struct BufferedReceiver {
    stream: BufReader<BlockingStream<PipeReader>>,
    receive_state: ReceiveState,
}

sends!(BufferedSender);
receives!(BufferedReceiver);

impl Sender {
    /// From now on, sends many messages at once. See the trap at [`BufferedSender`].
    #[must_use]
    pub fn buffered(self) -> BufferedSender {
        BufferedSender { stream: BufWriter::with_capacity(ROOM, self.stream), send_state: self.send_state }
    }
}

impl BufferedSender {
    /// Sends what was kept back. Waits while the pipe is full.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io), of kind `BrokenPipe` when nobody receives any more. What was not sent is still
    /// kept back: after an error that passes (a time limit of a socket, say), flush again.
    pub fn flush(&mut self) -> Result<()> {
        Ok(self.stream.flush()?)
    }

    /// Sends what was kept back, and gives the sender as it was before.
    ///
    /// # Errors
    /// As [`flush`](Self::flush); the sender is closed then.
    pub fn finish(self) -> Result<Sender> {
        let stream = self.stream.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        Ok(Sender { stream, send_state: self.send_state })
    }
}

impl Receiver {
    /// From now on, reads more than one message at a time. See the trap at [`BufferedReceiver`].
    #[must_use]
    pub fn buffered(self) -> BufferedReceiver {
        BufferedReceiver {
            stream: BufReader::with_capacity(ROOM, self.stream),
            receive_state: self.receive_state,
        }
    }
}

impl CloseReading for BufferedReceiver {
    fn close_reading(&mut self) {
        if let Ok(nothing) = dev_null() {
            self.stream = BufReader::new(BlockingStream(nothing));
        }
    }
}
