//! What the threads of a gallery share and change: open connections, counters, and the waits that end at shutdown.

use std::collections::BTreeMap;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::time::Instant;

use parking_lot::{Condvar, Mutex};
use serde::{Deserialize, Serialize};

/// What clients have asked of a gallery so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Connections accepted.
    pub connections: usize,
    /// Requests received.
    pub requests: usize,
    /// Requests for pictures, out of `requests`.
    pub picture_requests: usize,
    /// Bytes of response bodies, without those that a fault cuts off.
    pub bytes: usize,
    /// The largest number of requests in flight at the same time: received, and not yet answered to the last bytes.
    pub peak: usize,
}

/// The connections of a gallery and the requests in flight.
#[derive(Debug)]
pub(crate) struct Connections {
    min_concurrent: usize,
    state: Mutex<State>,
    /// Notified when the counters change.
    changed: Condvar,
    /// Notified at shutdown only, so that requests do not wake the threads that wait for a point in time.
    shutdown: Condvar,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    counters: Counters,
    in_flight: usize,
    pictures_waiting: usize,
    rendezvous_done: bool,
    open: BTreeMap<usize, TcpStream>,
}

impl Connections {
    /// Creates the state of a gallery that holds back its pictures until `min_concurrent` are requested at once.
    pub(crate) fn new(min_concurrent: usize) -> Self {
        Self { min_concurrent, state: Mutex::default(), changed: Condvar::new(), shutdown: Condvar::new() }
    }

    pub(crate) fn counters(&self) -> Counters {
        self.state.lock().counters
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.state.lock().closed
    }

    /// Waits until `condition` is true for the counters.
    pub(crate) fn wait_until(&self, condition: impl Fn(&Counters) -> bool) {
        self.changed.wait_while(&mut self.state.lock(), |state| !condition(&state.counters));
    }

    /// Ends every wait and shuts down every connection.
    pub(crate) fn close(&self) {
        let mut state = self.state.lock();
        state.closed = true;
        for stream in state.open.values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.changed.notify_all();
        self.shutdown.notify_all();
    }

    /// Counts a connection, which [`Connections::close`] shuts down until the result is dropped.
    ///
    /// # Errors
    /// Returns an error if the gallery is closed.
    pub(crate) fn open(&self, stream: &TcpStream) -> io::Result<OpenConnection<'_>> {
        let handle = stream.try_clone()?;
        let mut state = self.state.lock();
        if state.closed {
            return Err(io::ErrorKind::NotConnected.into());
        }
        state.counters.connections += 1;
        let id = state.counters.connections;
        state.open.insert(id, handle);
        Ok(OpenConnection { connections: self, id })
    }

    /// Counts a request, which is in flight until the result is finished or dropped.
    pub(crate) fn begin_request(&self, is_picture: bool) -> InFlight<'_> {
        let mut state = self.state.lock();
        state.in_flight += 1;
        state.counters.requests += 1;
        state.counters.picture_requests += usize::from(is_picture);
        state.counters.peak = state.counters.peak.max(state.in_flight);
        self.changed.notify_all();
        InFlight(self)
    }

    /// Waits until `min_concurrent` requests for pictures have waited here at the same time.
    pub(crate) fn rendezvous(&self) {
        let mut state = self.state.lock();
        state.pictures_waiting += 1;
        state.rendezvous_done |= state.pictures_waiting >= self.min_concurrent;
        self.changed.notify_all();
        self.changed.wait_while(&mut state, |state| !state.rendezvous_done && !state.closed);
        state.pictures_waiting -= 1;
    }

    /// Sleeps until `deadline`, or until the gallery closes.
    pub(crate) fn sleep_until(&self, deadline: Instant) {
        let mut state = self.state.lock();
        self.shutdown.wait_while_until(&mut state, |state| !state.closed, deadline);
    }

    /// Sleeps until the gallery closes.
    pub(crate) fn sleep_until_closed(&self) {
        self.shutdown.wait_while(&mut self.state.lock(), |state| !state.closed);
    }
}

/// An open connection, until it is dropped: also when its thread panics.
pub(crate) struct OpenConnection<'a> {
    connections: &'a Connections,
    id: usize,
}

impl Drop for OpenConnection<'_> {
    fn drop(&mut self) {
        self.connections.state.lock().open.remove(&self.id);
    }
}

/// A request in flight, until it is finished or dropped.
pub(crate) struct InFlight<'a>(&'a Connections);

impl InFlight<'_> {
    /// Ends the request and counts the `bytes` of its response body.
    pub(crate) fn finish(self, bytes: usize) {
        self.0.state.lock().counters.bytes += bytes;
        self.0.changed.notify_all();
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.state.lock().in_flight -= 1;
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    #[test]
    fn a_connection_is_open_until_its_thread_ends_or_panics() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let connections = Connections::new(0);
        for panics in [false, true] {
            thread::scope(|scope| {
                let handled = scope.spawn(|| {
                    let _open = connections.open(&stream).unwrap();
                    assert_eq!(connections.state.lock().open.len(), 1);
                    assert!(!panics, "the thread panics");
                });
                assert_eq!(handled.join().is_err(), panics);
            });
            assert!(connections.state.lock().open.is_empty());
        }
    }
}
