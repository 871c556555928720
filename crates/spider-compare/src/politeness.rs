//! Politeness towards other people's sites: few requests at a time, a delay between pages, and `robots.txt`. Nothing here
//! works around what a site disallows.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use parking_lot::{Condvar, Mutex};
use url::{Position, Url};

use crate::cancel::{CancelToken, Cancelled};
use crate::robots::Robots;

/// The highest number of requests in flight, similar to a browser's.
pub(crate) const MAX_CONCURRENT: usize = 4;

/// The default time from the start of one page request to the start of the next.
pub const CRAWL_DELAY: Duration = Duration::from_millis(500);

/// The longest crawl delay that a site may ask for.
const MAX_CRAWL_DELAY: Duration = Duration::from_secs(10);

/// The number of consecutive rejections that opens the [`CircuitBreaker`].
const MAX_REJECTIONS: usize = 5;

/// The limits of one site. Threads share them.
#[derive(Debug)]
pub struct Politeness {
    /// The text of `robots`, which child processes need too.
    pub(crate) robots_txt: Option<String>,
    robots: Robots,
    /// The time from the start of one page request to the start of the next.
    pub crawl_delay: Duration,
    next_page: Mutex<Instant>,
    pub(crate) slots: Semaphore,
}

impl Politeness {
    /// Creates the limits of a site with this `robots.txt`, or without one. Page requests are `crawl_delay` apart, or
    /// longer if `robots.txt` asks for it. More than 10 s are an error.
    pub fn new(robots_txt: Option<String>, crawl_delay: Duration) -> Result<Self> {
        let robots = Robots::parse(robots_txt.as_deref().unwrap_or_default(), env!("CARGO_PKG_NAME"));
        let requested = robots.delay.unwrap_or(0.0);
        ensure!(
            (0.0..=MAX_CRAWL_DELAY.as_secs_f64()).contains(&requested),
            "robots.txt asks for a crawl delay of {requested} s; at most {} s are supported",
            MAX_CRAWL_DELAY.as_secs()
        );
        let requested = Duration::from_secs_f64(requested);
        let (next_page, slots) = (Mutex::new(Instant::now()), Semaphore::new(MAX_CONCURRENT));
        Ok(Self { robots_txt, robots, crawl_delay: crawl_delay.max(requested), next_page, slots })
    }

    /// Returns an error if `robots.txt` disallows this address.
    pub fn check(&self, address: &Url) -> Result<()> {
        let path = &address[Position::BeforePath..Position::AfterQuery];
        ensure!(self.robots.allow(path), "robots.txt disallows {address}");
        Ok(())
    }

    /// Waits until another page may be requested.
    pub(crate) fn wait_for_rate_limit(&self, cancel: &CancelToken) -> Result<(), Cancelled> {
        let start = {
            let mut next = self.next_page.lock();
            let start = (*next).max(Instant::now());
            *next = start + self.crawl_delay;
            start
        };
        cancel.wait(start.saturating_duration_since(Instant::now()))
    }
}

/// Limits the number of requests in flight.
#[derive(Debug)]
pub struct Semaphore {
    free: Mutex<usize>,
    released: Condvar,
}

/// A permit for a request, released on drop.
#[derive(Debug)]
pub struct Permit<'a>(&'a Semaphore);

impl Semaphore {
    /// Creates a semaphore with this number of permits.
    pub fn new(permits: usize) -> Self {
        Self { free: Mutex::new(permits), released: Condvar::new() }
    }

    /// Waits for a permit.
    pub fn acquire(&self) -> Permit<'_> {
        let mut free = self.free.lock();
        self.released.wait_while(&mut free, |free| *free == 0);
        *free -= 1;
        Permit(self)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.free.lock() += 1;
        self.0.released.notify_one();
    }
}

/// Stops the requests to a site that has rejected several in a row.
#[derive(Debug, Default)]
pub struct CircuitBreaker(AtomicUsize);

impl CircuitBreaker {
    /// Counts a rejected request.
    pub fn record_rejection(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    /// Resets the count after a successful response.
    pub fn reset(&self) {
        self.0.store(0, Relaxed);
    }

    pub(crate) fn consecutive(&self) -> usize {
        self.0.load(Relaxed)
    }

    /// Returns an error if the site has rejected too many requests.
    pub fn check(&self) -> Result<()> {
        let is_closed = self.consecutive() < MAX_REJECTIONS;
        ensure!(is_closed, "skipped: the site rejected {MAX_REJECTIONS} consecutive requests");
        Ok(())
    }
}
