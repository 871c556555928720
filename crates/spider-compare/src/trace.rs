//! What was asked of a site, and when: what the table counts and what the picture draws.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// One run of a strategy, as far as its requests tell it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Trace {
    /// The strategy's name.
    pub strategy: String,
    /// From the start of the run to the last image's address.
    pub crawl: Duration,
    /// From the start of the run to its end.
    pub total: Duration,
    /// All requests, by their start. Times are since the start of the run.
    pub requests: Vec<Request>,
}

/// One request, retries and redirects each by themselves. Times are since the start of the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What was asked for.
    pub kind: Kind,
    /// The last part of its address: `34001.html`, say.
    pub name: String,
    /// When the strategy wanted it: before it started a process or a thread for it alone. Otherwise the same as `sent`, as it
    /// is for another try, for what a redirect leads to, and where threads wait for their turn at a stranger's site.
    pub wanted: Duration,
    /// When it was sent, or its connection was begun.
    pub sent: Duration,
    /// When the head of the answer was there.
    pub answered: Option<Duration>,
    /// When its last byte was there, or it failed.
    pub ended: Duration,
    /// How many bytes of the body came.
    pub bytes: u64,
    /// What was wrong with it, in a few words.
    pub failure: Option<String>,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// What a robot may ask for: `robots.txt`.
    Robots,
    /// A page that lists pictures.
    Listing,
    /// The page of one picture.
    Detail,
    /// A picture.
    Image,
}

/// A clock that all processes of a run can read: the time since the run began, by the clock of the system.
///
/// An [`Instant`](std::time::Instant) would be better, as it never goes back, but cannot be handed to another process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock(Duration);

impl Clock {
    /// A clock that begins now.
    #[must_use]
    pub fn start() -> Self {
        Self(since_the_epoch())
    }

    /// The time since its beginning; nothing if the system's clock was set back.
    #[must_use]
    pub fn now(self) -> Duration {
        since_the_epoch().saturating_sub(self.0)
    }
}

fn since_the_epoch() -> Duration {
    SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default()
}

/// The most of these requests that were under way at the same time.
#[must_use]
pub fn peak(requests: &[Request]) -> usize {
    let mut changes: Vec<(Duration, i32)> =
        requests.iter().flat_map(|request| [(request.sent, 1), (request.ended, -1)]).collect();
    // Who ends when another begins was not beside it.
    changes.sort_unstable();
    let mut now = 0_i32;
    let counts = changes.into_iter().map(|(_, change)| {
        now += change;
        now
    });
    counts.max().and_then(|most| most.try_into().ok()).unwrap_or(0)
}
