//! A record of the requests: their counts for the table, and each of them for `--trace`.

use std::fmt::Display;
use std::io::{self, BufWriter, Write};
use std::time::SystemTime;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::strategy::Strategy;
use crate::text::single_line;

/// The longest name and error of a request, in characters.
const MAX_CHARS: usize = 64;

/// One request; each retry and each redirect is a request of its own. Times are in seconds since the start of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The kind of resource.
    pub kind: Kind,
    /// The last segment of its path.
    pub name: String,
    /// When its process or thread was requested from the system, if it has its own; otherwise equal to `sent`.
    pub queued: f64,
    /// When it was sent; connecting comes after this.
    pub sent: f64,
    /// When the head of the response arrived, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_byte: Option<f64>,
    /// When the last byte arrived, or the request failed.
    pub finished: f64,
    /// Bytes received of the body.
    pub bytes: u64,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A kind of resource: `robots.txt`, a page that lists pictures, the page of one picture, or a picture.
#[allow(missing_docs, reason = "see above")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Robots,
    Listing,
    Detail,
    Image,
}

/// Records the requests of one run. Threads share it.
#[derive(Debug)]
pub struct Recorder {
    /// The start of the run, by the system's clock: child processes need it too, and cannot get a monotonic
    /// [`Instant`](std::time::Instant).
    pub(crate) started: SystemTime,
    keeps_requests: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    in_flight: usize,
    counts: Counts,
    requests: Vec<Request>,
}

/// The number of requests, how many of them were for listing pages, and the most in flight at once.
#[allow(missing_docs, reason = "see above")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub requests: usize,
    pub listings: usize,
    pub peak: usize,
}

impl Recorder {
    /// Creates a recorder of a run that started at `started`. A long crawl has many requests, so those of this process are
    /// only counted, unless `keeps_requests` is set. Those of child processes are always kept.
    pub fn new(started: SystemTime, keeps_requests: bool) -> Self {
        Self { started, keeps_requests, state: Mutex::default() }
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
        let (name, queued) = (single_line(name, MAX_CHARS), queued.unwrap_or(sent).min(sent));
        let request =
            Request { kind, name, queued, sent, first_byte: None, finished: sent, bytes: 0, error: None };
        InFlight { recorder: self, request }
    }

    /// Adds requests that a child process has recorded, and keeps them: their times are needed for [`Counts::peak`].
    pub fn add(&self, requests: Vec<Request>) {
        let mut state = self.state.lock();
        state.counts.requests += requests.len();
        state.requests.extend(requests);
    }

    /// Returns the counts so far.
    pub fn counts(&self) -> Counts {
        let state = self.state.lock();
        // Requests of child processes are known only when they have finished.
        Counts { peak: state.counts.peak.max(peak(&state.requests)), ..state.counts }
    }

    /// Removes and returns the recorded requests, in the order in which they were sent.
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
    let (mut in_flight, mut peak) = (0, 0);
    for (_, change) in changes {
        in_flight += change;
        peak = peak.max(in_flight);
    }
    peak.unsigned_abs()
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
        self.request.error = Some(single_line(&error.to_string(), MAX_CHARS));
        error
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.request.finished = self.recorder.now().max(self.request.sent);
        let mut state = self.recorder.state.lock();
        state.in_flight -= 1;
        if self.recorder.keeps_requests {
            state.requests.push(self.request.clone());
        }
    }
}

/// Writes a run to a trace: one line of JSON about the run, then one line per request. `seconds` are those of the crawl and
/// of the whole run.
pub fn write(
    output: impl Write,
    strategy: Strategy,
    seconds: [f64; 2],
    requests: &[Request],
) -> io::Result<()> {
    let [crawl_seconds, total_seconds] = seconds;
    let run = json!({ "strategy": strategy, "crawl_seconds": crawl_seconds, "total_seconds": total_seconds });
    let mut output = BufWriter::new(output);
    writeln!(output, "{}", json!({ "run": run }))?;
    for request in requests {
        writeln!(output, "{}", json!({ "request": request }))?;
    }
    output.flush()
}
