//! A request as a bar: three segments that follow each other.

use crate::trace::{Request, Trace};

/// What is going on with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// A process or a thread is being started for it.
    Starting,
    /// It has been sent, and nothing has come yet.
    Waiting,
    /// Its body comes.
    Reading,
}

/// The moments of a request, in seconds since the start of the run. None is before the one above it, whatever the clocks
/// of two processes said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bar<'a> {
    pub(super) request: &'a Request,
    pub(super) wanted: f64,
    pub(super) sent: f64,
    pub(super) answered: f64,
    pub(super) ended: f64,
}

impl<'a> Bar<'a> {
    fn new(request: &'a Request) -> Self {
        let wanted = request.wanted.as_secs_f64();
        let sent = request.sent.as_secs_f64().max(wanted);
        let ended = request.ended.as_secs_f64().max(sent);
        let answered = request.answered.map_or(ended, |answered| answered.as_secs_f64().clamp(sent, ended));
        Self { request, wanted, sent, answered, ended }
    }

    /// The segments, each from when to when. Any of them may take no time.
    pub(super) fn segments(&self) -> [(Doing, f64, f64); 3] {
        [
            (Doing::Starting, self.wanted, self.sent),
            (Doing::Waiting, self.sent, self.answered),
            (Doing::Reading, self.answered, self.ended),
        ]
    }

    pub(super) fn failed(&self) -> bool {
        self.request.failure.is_some()
    }
}

/// All requests of `trace`, in the order in which they were wanted.
pub(super) fn bars(trace: &Trace) -> Vec<Bar<'_>> {
    let mut bars: Vec<_> = trace.requests.iter().map(Bar::new).collect();
    bars.sort_by(|one, other| one.wanted.total_cmp(&other.wanted).then(one.sent.total_cmp(&other.sent)));
    bars
}
