//! A record of the requests: their counts for the table, and each of them for `--trace`.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::SystemTime;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::strategy::Strategy;

/// The longest name and error of a request, in characters. Text from a site can have any length.
const MAX_CHARS: usize = 64;

/// One request; each retry and each redirect is a request of its own. Times are in seconds since the start of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The kind of resource.
    pub kind: Kind,
    /// The last segment of its path, such as `34001.html`.
    pub name: String,
    /// When its own process or thread was requested from the system. Otherwise equal to `sent`.
    pub queued: f64,
    /// When it was sent; connecting comes after this.
    pub sent: f64,
    /// When the head of the response arrived, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_byte: Option<f64>,
    /// When the last byte arrived, or the request failed.
    pub finished: f64,
    /// Bytes received of the body.
    pub bytes: u64,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The kinds of resources that a spider requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The site's `robots.txt`.
    Robots,
    /// A page that lists pictures.
    Listing,
    /// The page of one picture.
    Detail,
    /// A picture.
    Image,
}

/// Records the requests of one run. Threads share it.
#[derive(Debug)]
pub struct Recorder {
    /// The start of the run, by the system's clock: child processes need it too, and cannot get a monotonic
    /// [`Instant`](std::time::Instant).
    pub(crate) started: SystemTime,
    records_requests: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    in_flight: usize,
    counts: Counts,
    requests: Vec<Request>,
}

/// Counts of requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests sent.
    pub requests: usize,
    /// Requests for listing pages among them.
    pub listings: usize,
    /// The highest number of requests in flight at the same time.
    pub peak: usize,
}

impl Recorder {
    /// Creates a recorder of a run that started at `started`. A long crawl has many requests: they are counted, but kept
    /// only if `records_requests` is set.
    #[must_use]
    pub fn new(started: SystemTime, records_requests: bool) -> Self {
        Self { started, records_requests, state: Mutex::default() }
    }

    /// Returns the seconds since the start of the run.
    pub(crate) fn now(&self) -> f64 {
        self.started.elapsed().unwrap_or_default().as_secs_f64()
    }

    /// Records a request that is sent now. `queued` is when its process or thread was requested, if it has its own.
    pub fn begin(&self, kind: Kind, name: &str, queued: Option<f64>) -> InFlight<'_> {
        let sent = self.now();
        let mut state = self.state.lock();
        state.in_flight += 1;
        state.counts.requests += 1;
        state.counts.listings += usize::from(kind == Kind::Listing);
        state.counts.peak = state.counts.peak.max(state.in_flight);
        let (name, queued) = (truncated(name), queued.unwrap_or(sent).min(sent));
        let request =
            Request { kind, name, queued, sent, first_byte: None, finished: sent, bytes: 0, error: None };
        InFlight { recorder: self, request }
    }

    /// Adds a request that a child process has recorded.
    pub fn add(&self, request: Request) {
        let mut state = self.state.lock();
        state.counts.requests += 1;
        state.requests.push(request);
    }

    /// Returns the counts so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let state = self.state.lock();
        // Requests of child processes are known only when they have finished.
        Counts { peak: state.counts.peak.max(peak(&state.requests)), ..state.counts }
    }

    /// Removes and returns the recorded requests, in the order in which they were sent.
    #[must_use]
    pub fn take(&self) -> Vec<Request> {
        let mut requests = std::mem::take(&mut self.state.lock().requests);
        requests.sort_by(|a, b| a.sent.total_cmp(&b.sent));
        requests
    }
}

/// Returns the highest number of these requests that were in flight at the same time.
fn peak(requests: &[Request]) -> usize {
    let mut changes: Vec<_> =
        requests.iter().flat_map(|request| [(request.sent, 1_isize), (request.finished, -1)]).collect();
    // At the same time, one request finishes before the other begins.
    changes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let in_flight = changes.iter().scan(0, |in_flight, (_, change)| {
        *in_flight += change;
        Some(*in_flight)
    });
    in_flight.max().unwrap_or(0).unsigned_abs()
}

/// A request in flight; it finishes when this is dropped.
#[derive(Debug)]
pub struct InFlight<'a> {
    recorder: &'a Recorder,
    request: Request,
}

impl InFlight<'_> {
    /// Records that the head of the response has arrived.
    pub fn first_byte(&mut self) {
        self.request.first_byte = Some(self.recorder.now());
    }

    /// Adds received bytes of the body.
    pub fn add_bytes(&mut self, count: usize) {
        self.request.bytes += count as u64;
    }

    /// Records why the request failed, and returns the error.
    pub fn fail<E: Display>(&mut self, error: E) -> E {
        self.request.error = Some(truncated(&error.to_string()));
        error
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.request.finished = self.recorder.now().max(self.request.sent);
        let mut state = self.recorder.state.lock();
        state.in_flight -= 1;
        if self.recorder.records_requests {
            state.requests.push(self.request.clone());
        }
    }
}

fn truncated(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).take(MAX_CHARS).collect()
}

/// A line of a trace.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Line<'a> {
    Run { strategy: Strategy, crawl_seconds: f64, total_seconds: f64 },
    Request(&'a Request),
}

/// Writes a run to a trace: one line of JSON about the run, then one line per request.
///
/// # Errors
/// If `output` cannot be written.
pub fn write(
    output: &mut impl Write,
    strategy: Strategy,
    [crawl_seconds, total_seconds]: [f64; 2],
    requests: &[Request],
) -> io::Result<()> {
    let run = Line::Run { strategy, crawl_seconds, total_seconds };
    let mut lines = Vec::new();
    for line in [run].into_iter().chain(requests.iter().map(Line::Request)) {
        serde_json::to_writer(&mut lines, &line)?;
        lines.push(b'\n');
    }
    output.write_all(&lines)
}
