//! An answer on its way to the client.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use crate::connections::{Connections, InFlight};
use crate::response::{Delivery, Response};
use crate::throttle::Slots;

/// The end of an answer, small enough to be in the system's hands at once: a request no longer counts as under way when
/// these bytes leave, so that a client which asks one after the other is never seen to ask two at once.
const LAST_BYTES: usize = 4 * 1024;

/// Sends `answer`. The result is whether it was sent whole, so that the connection can go on.
pub(crate) fn send(
    answer: Response,
    stream: &mut TcpStream,
    turns: Slots<'_>,
    connections: &Connections,
    in_flight: InFlight<'_>,
) -> io::Result<bool> {
    let head = answer.head();
    let length = answer.body.len();
    let mut sender = Sender { buffer: vec![0; turns.most().min(head.len() + length)], stream, turns };
    match answer.sent {
        Delivery::Whole => {
            let mut whole = head.as_bytes().chain(answer.body);
            let last = LAST_BYTES.min(sender.buffer.len());
            sender.send(&mut whole.by_ref().take((head.len() + length - last) as u64))?;
            let last = sender.fill(&mut whole)?;
            in_flight.end(length);
            sender.write(last)?;
        }
        Delivery::Nothing => {}
        Delivery::Truncated | Delivery::Stalled => {
            sender.send(&mut head.as_bytes().chain(answer.body.take(length as u64 / 2)))?;
            if answer.sent == Delivery::Stalled {
                connections.sleep();
            }
        }
        Delivery::Endless => {
            sender.send(&mut head.as_bytes())?;
            loop {
                sender.send(&mut answer.body.clone())?;
            }
        }
    }
    Ok(answer.sent == Delivery::Whole)
}

/// One answer's way out, a turn's bytes after the other.
struct Sender<'a> {
    stream: &'a mut TcpStream,
    turns: Slots<'a>,
    /// As large as a turn, or as the whole answer if that is smaller.
    buffer: Vec<u8>,
}

impl Sender<'_> {
    /// Sends all that can be read.
    fn send(&mut self, bytes: &mut impl Read) -> io::Result<()> {
        loop {
            let filled = self.fill(bytes)?;
            if filled == 0 {
                return Ok(());
            }
            self.write(filled)?;
        }
    }

    /// Fills the buffer as far as there is something to be read, and waits until that may leave.
    fn fill(&mut self, bytes: &mut impl Read) -> io::Result<usize> {
        let mut filled = 0;
        loop {
            match bytes.read(&mut self.buffer[filled..])? {
                0 => break,
                count => filled += count,
            }
        }
        self.turns.wait(filled);
        Ok(filled)
    }

    fn write(&mut self, filled: usize) -> io::Result<()> {
        self.stream.write_all(&self.buffer[..filled])
    }
}
