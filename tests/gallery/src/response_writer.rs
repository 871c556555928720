//! Sending responses over a connection, as fast as the throttle allows.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use crate::connections::{Connections, InFlight};
use crate::response::{Delivery, Response};
use crate::throttle::Throttle;

/// The end of a response, small enough for one call to hand it to the kernel. A request stops being in flight before
/// these bytes are sent, so that a client with one request at a time is never counted with two.
const LAST_BYTES: usize = 4 * 1024;

/// Writes the responses of one connection.
pub(crate) struct ResponseWriter<'a> {
    stream: &'a TcpStream,
    throttle: &'a Throttle,
    connections: &'a Connections,
    /// As large as a slot of the throttle.
    buffer: Vec<u8>,
    /// When the connection may use its next slot.
    ready_at: Instant,
}

impl<'a> ResponseWriter<'a> {
    pub(crate) fn new(stream: &'a TcpStream, throttle: &'a Throttle, connections: &'a Connections) -> Self {
        Self {
            stream,
            throttle,
            connections,
            buffer: vec![0; throttle.slot_bytes()],
            ready_at: Instant::now(),
        }
    }

    /// Sends `response` and returns whether it was sent whole, so that the connection can serve another request.
    pub(crate) fn send(&mut self, response: &Response, in_flight: InFlight<'_>) -> io::Result<bool> {
        self.ready_at = Instant::now();
        let delivery = response.delivery;
        let head = response.head();
        let mut head = head.as_bytes();
        let body_length = response.body.len();
        match delivery {
            Delivery::Whole => {
                let length = head.len() + body_length;
                let last = LAST_BYTES.min(self.buffer.len()).min(length);
                let mut bytes = head.chain(response.body.reader());
                self.copy(&mut bytes.by_ref().take((length - last) as u64))?;
                let last = self.fill(&mut bytes)?;
                in_flight.finish(body_length);
                self.stream.write_all(&self.buffer[..last])?;
            }
            Delivery::Nothing => {}
            Delivery::Truncated | Delivery::Stalled => {
                self.copy(&mut head.chain(response.body.reader().take(body_length as u64 / 2)))?;
                if delivery == Delivery::Stalled {
                    self.connections.sleep_until_closed();
                }
            }
            Delivery::Endless => {
                self.copy(&mut head)?;
                loop {
                    self.copy(&mut response.body.reader())?;
                }
            }
        }
        Ok(delivery == Delivery::Whole)
    }

    /// Sends all of `bytes`, slot by slot.
    fn copy(&mut self, bytes: &mut impl Read) -> io::Result<()> {
        loop {
            match self.fill(bytes)? {
                0 => return Ok(()),
                count => self.stream.write_all(&self.buffer[..count])?,
            }
        }
    }

    /// Fills the buffer as far as there are `bytes`, waits for a slot for them, and returns their number.
    fn fill(&mut self, bytes: &mut impl Read) -> io::Result<usize> {
        let mut filled = 0;
        loop {
            match bytes.read(&mut self.buffer[filled..])? {
                0 => break,
                count => filled += count,
            }
        }
        if let Some(end) = self.throttle.reserve(filled, self.ready_at, Instant::now()) {
            self.connections.sleep_until(end);
            self.ready_at = end;
        }
        Ok(filled)
    }
}
