//! The gallery's server: HTTP/1.1 by hand, a thread for each connection, connections kept open.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::content::{Answer, Content, Sent};
use super::{Counters, Options};

/// More than any client of ours sends in front of a body.
const LONGEST_HEAD: u64 = 16 * 1024;

/// The end of a body, small enough to be in the system's hands at once: a request no longer counts as under way when
/// these bytes leave, so that a client which asks one after the other is never seen to ask two at once.
const LAST_BYTES: usize = 4 * 1024;

/// How long the door stays shut when the system has no connection to give.
const PAUSE: Duration = Duration::from_millis(10);

/// What the threads of a gallery share.
#[derive(Debug)]
pub(super) struct House {
    pub(super) content: Content,
    latency: Duration,
    meeting: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    counters: Counters,
    under_way: usize,
    pictures_waiting: usize,
    met: bool,
    connections: BTreeMap<usize, TcpStream>,
}

/// The part of a request that matters here.
struct Request {
    path: String,
    keep_alive: bool,
}

impl House {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            content: Content::new(options),
            latency: options.latency,
            meeting: options.meeting,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    pub(super) fn counters(&self) -> Counters {
        self.state().counters
    }

    pub(super) fn wait_until(&self, condition: impl Fn(&Counters) -> bool) {
        let mut state = self.state();
        while !condition(&state.counters) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Nothing is left half done under this lock: a thread that panicked with it does no harm.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends every wait and every connection.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        for connection in state.connections.values() {
            let _ = connection.shutdown(Shutdown::Both);
        }
        self.changed.notify_all();
    }

    /// Lets visitors in, a thread for each, until the house is closed; then waits for these threads.
    pub(super) fn serve(&self, listener: &TcpListener) {
        thread::scope(|scope| {
            for stream in listener.incoming() {
                if self.state().closed {
                    break;
                }
                match stream {
                    Ok(stream) => drop(scope.spawn(|| self.attend(stream))),
                    Err(_) => thread::sleep(PAUSE),
                }
            }
        });
    }

    /// One connection, from its first request to its end. A client that hangs up is no error.
    fn attend(&self, stream: TcpStream) {
        let Ok(number) = self.enter(&stream) else { return };
        let _ = self.answer_all(stream);
        self.state().connections.remove(&number);
    }

    fn enter(&self, stream: &TcpStream) -> io::Result<usize> {
        stream.set_nodelay(true)?;
        let handle = stream.try_clone()?;
        let mut state = self.state();
        if state.closed {
            return Err(io::ErrorKind::NotConnected.into());
        }
        state.counters.connections += 1;
        let number = state.counters.connections;
        state.connections.insert(number, handle);
        Ok(number)
    }

    fn answer_all(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        while let Some(request) = Request::read(&mut reader)? {
            let answered_whole = self.answer(&mut stream, &request)?;
            if !answered_whole || !request.keep_alive {
                break;
            }
        }
        stream.shutdown(Shutdown::Both)
    }

    /// Waits, and answers. The result is whether the body was sent whole, so that the connection can go on.
    fn answer(&self, stream: &mut TcpStream, request: &Request) -> io::Result<bool> {
        let picture = self.content.is_picture(&request.path);
        let under_way = UnderWay::begin(self, picture);
        self.wait(picture);
        let answer = self.content.answer(&request.path);
        stream.write_all(head(&answer).as_bytes())?;
        if answer.sent != Sent::Whole {
            return self.send_wrongly(stream, &answer).map(|()| false);
        }
        let (most, last) = answer.body.split_at(answer.body.len().saturating_sub(LAST_BYTES));
        stream.write_all(most)?;
        under_way.end(answer.body.len());
        stream.write_all(last)?;
        Ok(true)
    }

    /// A body that does not end as its head promised.
    fn send_wrongly(&self, stream: &mut TcpStream, answer: &Answer<'_>) -> io::Result<()> {
        if answer.sent == Sent::Endlessly {
            loop {
                stream.write_all(&answer.body)?;
            }
        }
        stream.write_all(&answer.body[..answer.body.len() / 2])?;
        let mut state = self.state();
        while answer.sent == Sent::HalfAndNoEnd && !state.closed {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    /// Waits for the latency, and for a picture's meeting.
    fn wait(&self, picture: bool) {
        let answer_at = Instant::now() + self.latency;
        let mut state = self.state();
        if picture {
            state.pictures_waiting += 1;
            state.met |= state.pictures_waiting >= self.meeting;
            self.changed.notify_all();
        }
        while picture && !state.met && !state.closed {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.pictures_waiting -= usize::from(picture);
        let mut left = self.latency;
        while !left.is_zero() && !state.closed {
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
            left = answer_at.saturating_duration_since(Instant::now());
        }
    }
}

/// A request that is under way, until it is dropped.
struct UnderWay<'a>(&'a House);

impl<'a> UnderWay<'a> {
    fn begin(house: &'a House, picture: bool) -> Self {
        let mut state = house.state();
        state.under_way += 1;
        state.counters.requests += 1;
        state.counters.picture_requests += usize::from(picture);
        state.counters.peak = state.counters.peak.max(state.under_way);
        house.changed.notify_all();
        Self(house)
    }

    /// Counts what was sent, and ends.
    fn end(self, bytes: usize) {
        self.0.state().counters.bytes += bytes;
        self.0.changed.notify_all();
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.state().under_way -= 1;
    }
}

impl Request {
    /// The next request of a connection, or `None` when the client has closed it. A method is not asked for: all that
    /// comes is GET, and the gallery has nothing that could change.
    fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut head = reader.take(LONGEST_HEAD);
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let path = line.split(' ').nth(1).ok_or(io::ErrorKind::InvalidData)?.to_owned();
        let mut keep_alive = true;
        loop {
            line.clear();
            if head.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match line.trim_end().to_ascii_lowercase().as_str() {
                "" => return Ok(Some(Self { path, keep_alive })),
                "connection: close" => keep_alive = false,
                _ => {}
            }
        }
    }
}

fn head(answer: &Answer<'_>) -> String {
    let length = match answer.sent {
        Sent::Endlessly => "Connection: close\r\n".to_owned(),
        _ => format!("Content-Length: {}\r\n", answer.body.len()),
    };
    let location = answer.location.map(|address| format!("Location: {address}\r\n")).unwrap_or_default();
    format!("HTTP/1.1 {}\r\nContent-Type: {}\r\n{length}{location}\r\n", answer.status, answer.content_type)
}
