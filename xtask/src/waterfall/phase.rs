//! The requests of one kind, taken together.

use super::trace::{Kind, Request, Trace};

/// All requests of one kind, at least one. Times are in seconds.
pub(super) struct Phase<'a> {
    requests: Vec<&'a Request>,
}

impl<'a> Phase<'a> {
    /// Returns the requests of this kind, if there are any.
    pub(super) fn new(kind: Kind, trace: &'a Trace) -> Option<Self> {
        let requests: Vec<_> = trace.requests.iter().filter(|request| request.kind == kind).collect();
        (!requests.is_empty()).then_some(Self { requests })
    }

    pub(super) fn count(&self) -> usize {
        self.requests.len()
    }

    /// Returns the time from the first that was queued to the last that finished.
    pub(super) fn duration(&self) -> f64 {
        let finished = self.requests.iter().map(|request| request.finished).fold(0.0, f64::max);
        finished - self.requests[0].queued
    }

    /// Counts those that were queued before this moment.
    pub(super) fn queued_before(&self, moment: f64) -> usize {
        self.requests.iter().filter(|request| request.queued < moment).count()
    }

    /// Returns for how long at least one of them was queued and not yet sent.
    pub(super) fn starting(&self) -> f64 {
        let (mut sum, mut until) = (0.0, 0.0_f64);
        for request in &self.requests {
            sum += (request.sent - request.queued.max(until)).max(0.0);
            until = until.max(request.sent);
        }
        sum
    }

    /// Returns in words how many were in flight at the same time.
    pub(super) fn concurrency(&self) -> String {
        match self.most_in_flight() {
            0 | 1 => "one at a time".to_owned(),
            most if most == self.count() => "all at once".to_owned(),
            most => format!("at most {most} at once"),
        }
    }

    fn most_in_flight(&self) -> usize {
        let changes = self.requests.iter().flat_map(|request| [(request.sent, 1), (request.finished, -1)]);
        let mut changes: Vec<(f64, isize)> = changes.collect();
        // A request that finishes when another is sent is not in flight together with it: -1 comes first.
        changes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let in_flight = changes.into_iter().scan(0, |now, (_, change)| {
            *now += change;
            Some(*now)
        });
        in_flight.max().unwrap_or(0).unsigned_abs()
    }
}
