//! An answer on its way to the client.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use crate::answer::{Answer, Sent};
use crate::bandwidth::Turns;
use crate::visits::{UnderWay, Visits};

/// The end of an answer, small enough to be in the system's hands at once: a request no longer counts as under way when
/// these bytes leave, so that a client which asks one after the other is never seen to ask two at once.
const LAST_BYTES: usize = 4 * 1024;

/// Sends `answer`. The result is whether it was sent whole, so that the connection can go on.
pub(crate) fn send(
    answer: Answer,
    stream: &mut TcpStream,
    turns: Turns<'_>,
    visits: &Visits,
    under_way: UnderWay<'_>,
) -> io::Result<bool> {
    let head = answer.head();
    let length = answer.body.len();
    let mut sender = Sender { buffer: vec![0; turns.most().min(head.len() + length)], stream, turns };
    match answer.sent {
        Sent::Whole => {
            let mut whole = head.as_bytes().chain(answer.body);
            let last = LAST_BYTES.min(sender.buffer.len());
            sender.send(&mut whole.by_ref().take((head.len() + length - last) as u64))?;
            let last = sender.fill(&mut whole)?;
            under_way.end(length);
            sender.write(last)?;
        }
        Sent::Nothing => {}
        Sent::Half | Sent::HalfAndNoEnd => {
            sender.send(&mut head.as_bytes().chain(answer.body.take(length as u64 / 2)))?;
            if answer.sent == Sent::HalfAndNoEnd {
                visits.sleep();
            }
        }
        Sent::Endlessly => {
            sender.send(&mut head.as_bytes())?;
            loop {
                sender.send(&mut answer.body.clone())?;
            }
        }
    }
    Ok(answer.sent == Sent::Whole)
}

/// One answer's way out, a turn's bytes after the other.
struct Sender<'a> {
    stream: &'a mut TcpStream,
    turns: Turns<'a>,
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
