//! An answer on its way to the client.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use super::answer::{Answer, Sent};
use super::visits::{UnderWay, Visits};

/// The end of an answer, small enough to be in the system's hands at once: a request no longer counts as under way when
/// these bytes leave, so that a client which asks one after the other is never seen to ask two at once.
const LAST_BYTES: usize = 4 * 1024;

/// What is handed to the system at once.
const CHUNK: usize = 64 * 1024;

/// Sends `answer`. The result is whether it was sent whole, so that the connection can go on.
pub(super) fn send(
    answer: Answer,
    stream: &mut TcpStream,
    visits: &Visits,
    under_way: UnderWay<'_>,
) -> io::Result<bool> {
    let head = answer.head();
    let length = answer.body.len();
    let mut sender = Sender { stream, buffer: vec![0; CHUNK.min(head.len() + length)] };
    match answer.sent {
        Sent::Whole => {
            let mut whole = head.as_bytes().chain(answer.body);
            let most = (head.len() + length).saturating_sub(LAST_BYTES);
            sender.send(&mut whole.by_ref().take(most as u64))?;
            let last = sender.fill(&mut whole)?;
            under_way.end(length);
            sender.send_filled(last)?;
        }
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

struct Sender<'a> {
    stream: &'a mut TcpStream,
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
            self.send_filled(filled)?;
        }
    }

    /// Fills the buffer as far as there is something to be read.
    fn fill(&mut self, bytes: &mut impl Read) -> io::Result<usize> {
        let mut filled = 0;
        loop {
            match bytes.read(&mut self.buffer[filled..])? {
                0 => return Ok(filled),
                count => filled += count,
            }
        }
    }

    fn send_filled(&mut self, filled: usize) -> io::Result<()> {
        self.stream.write_all(&self.buffer[..filled])
    }
}
