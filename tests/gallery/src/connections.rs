//! Who is in the gallery and what they wait for: the part of it that its threads share and change.

use std::collections::BTreeMap;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::Counters;

/// The connections of a gallery, and the requests that are under way.
#[derive(Debug)]
pub(crate) struct Connections {
    min_concurrent: usize,
    state: Mutex<State>,
    /// For those who wait for what others ask.
    asked: Condvar,
    /// For those who wait for a time, or for ever: nothing but the end of the gallery wakes them early.
    closing: Condvar,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    counters: Counters,
    in_flight: usize,
    pictures_waiting: usize,
    met: bool,
    connections: BTreeMap<usize, TcpStream>,
}

impl Connections {
    /// No picture is sent until `min_concurrent` requests for pictures wait at the same time.
    pub(crate) fn new(min_concurrent: usize) -> Self {
        Self { min_concurrent, state: Mutex::default(), asked: Condvar::new(), closing: Condvar::new() }
    }

    pub(crate) fn counters(&self) -> Counters {
        self.state().counters
    }

    pub(crate) fn closed(&self) -> bool {
        self.state().closed
    }

    pub(crate) fn wait_until(&self, condition: impl Fn(&Counters) -> bool) {
        let mut state = self.state();
        while !condition(&state.counters) {
            state = self.asked.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Nothing is left half done under this lock: a thread that panicked with it does no harm.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends every wait and every connection.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        for connection in state.connections.values() {
            let _ = connection.shutdown(Shutdown::Both);
        }
        self.asked.notify_all();
        self.closing.notify_all();
    }

    /// Counts a connection. The result is its number, to be given to [`Connections::leave`].
    pub(crate) fn register(&self, stream: &TcpStream) -> io::Result<usize> {
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

    pub(crate) fn unregister(&self, number: usize) {
        self.state().connections.remove(&number);
    }

    /// Counts a request, which is under way from now on.
    pub(crate) fn begin(&self, picture: bool) -> InFlight<'_> {
        let mut state = self.state();
        state.in_flight += 1;
        state.counters.requests += 1;
        state.counters.picture_requests += usize::from(picture);
        state.counters.peak = state.counters.peak.max(state.in_flight);
        self.asked.notify_all();
        InFlight(self)
    }

    /// Waits until so many requests for pictures are here as must meet.
    pub(crate) fn rendezvous(&self) {
        let mut state = self.state();
        state.pictures_waiting += 1;
        state.met |= state.pictures_waiting >= self.min_concurrent;
        self.asked.notify_all();
        while !state.met && !state.closed {
            state = self.asked.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.pictures_waiting -= 1;
    }

    /// Waits until then, or until the gallery closes.
    pub(crate) fn sleep_until(&self, then: Instant) {
        let mut state = self.state();
        while !state.closed {
            let left = then.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            state = self.closing.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until the gallery closes.
    pub(crate) fn sleep(&self) {
        let mut state = self.state();
        while !state.closed {
            state = self.closing.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A request that is under way, until it is dropped.
pub(crate) struct InFlight<'a>(&'a Connections);

impl InFlight<'_> {
    /// Counts what was sent, and ends.
    pub(crate) fn end(self, bytes: usize) {
        self.0.state().counters.bytes += bytes;
        self.0.asked.notify_all();
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.state().in_flight -= 1;
    }
}
