//! Notes what is asked of a site. Without being asked to keep it, it only counts: a long crawl would be a long list.

use std::time::Duration;

use parking_lot::Mutex;

use crate::trace::{Clock, Kind, Request, peak};

/// The longest name and the longest reason that are noted, in characters: a request fits into one line of a child.
const LONGEST: usize = 64;

/// What was asked, for one run of a strategy. Threads share it.
#[derive(Debug)]
pub struct Recorder {
    clock: Clock,
    keeps: bool,
    noted: Mutex<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    under_way: usize,
    counts: Counts,
    kept: Vec<Request>,
}

/// How much was asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests sent, each retry and each redirect by itself.
    pub requests: usize,
    /// Those of them that asked for a page of the listing.
    pub listings: usize,
    /// The most requests that were under way at the same time.
    pub peak: usize,
    /// Bytes of bodies received.
    pub bytes: u64,
}

/// A request that is under way. Dropped, it has ended.
#[derive(Debug)]
pub struct UnderWay<'a> {
    recorder: &'a Recorder,
    request: Request,
}

impl Recorder {
    /// One that begins now. If it `keeps` requests, it has a list of them in the end.
    #[must_use]
    pub fn new(clock: Clock, keeps: bool) -> Self {
        Self { clock, keeps, noted: Mutex::default() }
    }

    /// The clock by which requests are noted.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// A request that is sent now. `wanted` is when somebody began to start a process or a thread for it.
    pub fn begin(&self, kind: Kind, name: &str, wanted: Option<Duration>) -> UnderWay<'_> {
        let sent = self.clock.now();
        let mut noted = self.noted.lock();
        noted.under_way += 1;
        noted.counts.requests += 1;
        noted.counts.listings += usize::from(kind == Kind::Listing);
        noted.counts.peak = noted.counts.peak.max(noted.under_way);
        let wanted = wanted.unwrap_or(sent).min(sent);
        let request = Request {
            kind,
            name: shortened(name),
            wanted,
            sent,
            answered: None,
            ended: sent,
            bytes: 0,
            failure: None,
        };
        UnderWay { recorder: self, request }
    }

    /// Adds what a child process has noted.
    pub fn add(&self, request: Request) {
        let mut noted = self.noted.lock();
        noted.counts.requests += 1;
        noted.counts.bytes += request.bytes;
        noted.kept.push(request);
    }

    /// How much was asked, up to now.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let noted = self.noted.lock();
        // What children noted was not seen under way.
        Counts { peak: noted.counts.peak.max(peak(&noted.kept)), ..noted.counts }
    }

    /// The list, by the start of the requests. Empty if nothing is kept.
    #[must_use]
    pub fn take(&self) -> Vec<Request> {
        let mut requests = std::mem::take(&mut self.noted.lock().kept);
        requests.sort_by_key(|request| request.sent);
        requests
    }
}

impl UnderWay<'_> {
    /// The head of the answer is there.
    pub fn answered(&mut self) {
        self.request.answered = Some(self.recorder.clock.now());
    }

    /// So many bytes of the body more are there.
    pub fn came(&mut self, bytes: usize) {
        self.request.bytes += bytes as u64;
    }

    /// It ends, and this was wrong.
    pub fn failed(&mut self, why: &str) {
        self.request.failure = Some(shortened(why));
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.request.ended = self.recorder.clock.now().max(self.request.sent);
        let mut noted = self.recorder.noted.lock();
        noted.under_way -= 1;
        noted.counts.bytes += self.request.bytes;
        if self.recorder.keeps {
            noted.kept.push(self.request.clone());
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorder(keeps: bool) -> Recorder {
        Recorder::new(Clock::start(), keeps)
    }

    #[test]
    fn requests_that_are_under_way_together_are_counted_together() {
        let recorder = recorder(false);
        let first = recorder.begin(Kind::Image, "1.jpg", None);
        let second = recorder.begin(Kind::Image, "2.jpg", None);
        drop((first, second));
        let mut third = recorder.begin(Kind::Image, "3.jpg", None);
        third.came(7);
        drop(third);
        assert_eq!(recorder.counts(), Counts { requests: 3, listings: 0, peak: 2, bytes: 7 });
        assert!(recorder.take().is_empty());
    }

    #[test]
    fn what_is_kept_is_listed_with_its_failure() {
        let recorder = recorder(true);
        recorder.begin(Kind::Listing, "index.html", None).answered();
        recorder.begin(Kind::Detail, "1.html", None).failed("answered 404 Not Found");
        let requests = recorder.take();
        assert_eq!(
            requests.iter().map(|request| request.kind).collect::<Vec<_>>(),
            [Kind::Listing, Kind::Detail]
        );
        assert!(requests[0].answered.is_some() && requests[0].failure.is_none());
        assert_eq!(requests[1].failure.as_deref(), Some("answered 404 Not Found"));
    }

    #[test]
    fn what_children_noted_counts_by_its_times() {
        let recorder = recorder(false);
        let request = |sent, ended| Request {
            kind: Kind::Image,
            name: "1.jpg".to_owned(),
            wanted: Duration::ZERO,
            sent: Duration::from_millis(sent),
            answered: None,
            ended: Duration::from_millis(ended),
            bytes: 5,
            failure: None,
        };
        for (sent, ended) in [(0, 10), (5, 15), (10, 20)] {
            recorder.add(request(sent, ended));
        }
        assert_eq!(recorder.counts(), Counts { requests: 3, listings: 0, peak: 2, bytes: 15 });
    }
}
