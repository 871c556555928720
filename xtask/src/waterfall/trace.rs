//! Traces of the spider, read from what `spider-compare --trace FILE` writes.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// The longest time that is drawn, in seconds.
const LONGEST: f64 = 1e9;

/// One run of a strategy. Times are in seconds since its start.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Trace {
    /// The name of the strategy.
    pub(super) strategy: String,
    /// The end of the crawl: the addresses of all images are known.
    pub(super) crawl_seconds: f64,
    /// The end of the run.
    pub(super) total_seconds: f64,
    /// All requests, in the order in which they were queued.
    #[serde(skip)]
    pub(super) requests: Vec<Request>,
}

/// One request. No time is before the one above it, even if the clocks of two processes differ.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Request {
    /// What is requested.
    pub(super) kind: Kind,
    /// The last part of its address: `34001.html`, say.
    pub(super) name: String,
    /// When the strategy wanted it: before it started a process or a thread for it.
    pub(super) queued: f64,
    /// When it was sent.
    pub(super) sent: f64,
    /// When the response began, if it did.
    pub(super) first_byte: Option<f64>,
    /// When the response was complete, or the request failed.
    pub(super) finished: f64,
    /// The number of bytes received of the body.
    pub(super) bytes: u64,
    /// Why it failed, if it did.
    pub(super) error: Option<String>,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// `robots.txt`.
    Robots,
    /// A page that lists images.
    Listing,
    /// The page of one image.
    Detail,
    /// An image.
    Image,
}

/// What happens to a request at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// A process or a thread is started for it.
    Queued,
    /// It has been sent, and no byte of the response is there.
    Waiting,
    /// The response is being received.
    Receiving,
}

impl Request {
    /// Returns the stages that the request goes through, each with its start and its end.
    pub(super) fn stages(&self) -> [(Stage, f64, f64); 3] {
        let first_byte = self.first_byte.unwrap_or(self.finished);
        [
            (Stage::Queued, self.queued, self.sent),
            (Stage::Waiting, self.sent, first_byte),
            (Stage::Receiving, first_byte, self.finished),
        ]
    }

    fn in_order(mut self) -> Self {
        self.queued = self.queued.clamp(0.0, LONGEST);
        self.sent = self.sent.clamp(self.queued, LONGEST);
        self.finished = self.finished.clamp(self.sent, LONGEST);
        self.first_byte = self.first_byte.map(|time| time.clamp(self.sent, self.finished));
        self
    }
}

/// A line of a trace file.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    Run(Trace),
    Request(Request),
}

/// Reads a trace file: a line of JSON for each run, followed by a line for each of its requests.
///
/// # Errors
/// If a line is neither, or the file has no run.
pub(super) fn parse(text: &str) -> Result<Vec<Trace>> {
    let mut traces = Vec::new();
    for (index, line) in text.lines().enumerate() {
        add(&mut traces, line).with_context(|| format!("line {} is not part of a trace", index + 1))?;
    }
    ensure!(!traces.is_empty(), "the file contains no run; write one with `spider-compare --trace FILE`");
    for trace in &mut traces {
        trace.requests.sort_by(|a, b| a.queued.total_cmp(&b.queued).then(a.sent.total_cmp(&b.sent)));
    }
    Ok(traces)
}

fn add(traces: &mut Vec<Trace>, line: &str) -> Result<()> {
    match serde_json::from_str(line)? {
        Line::Run(mut trace) => {
            trace.total_seconds = trace.total_seconds.clamp(0.0, LONGEST);
            trace.crawl_seconds = trace.crawl_seconds.clamp(0.0, LONGEST);
            traces.push(trace);
        }
        Line::Request(request) => {
            let trace = traces.last_mut().context("a request comes before the first run")?;
            trace.requests.push(request.in_order());
        }
    }
    Ok(())
}
