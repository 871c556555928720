//! Politeness towards other people's sites: few requests at a time, a delay between pages, and `robots.txt`. Nothing here
//! works around what a site does not allow.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use parking_lot::{Condvar, Mutex};
use texting_robots::Robot;
use url::Url;

use crate::cancel::{CancelToken, Cancelled};

/// The name that this program looks for in a `robots.txt`.
const NAME: &str = env!("CARGO_PKG_NAME");

/// The highest number of requests in flight, about that of a browser.
pub(crate) const MAX_CONCURRENT: usize = 4;

/// The default time from the start of one page request to the start of the next.
pub(crate) const CRAWL_DELAY: Duration = Duration::from_millis(500);

/// The longest crawl delay that this program waits for.
const MAX_CRAWL_DELAY: Duration = Duration::from_secs(10);

/// The number of consecutive rejections that opens the [`CircuitBreaker`].
const MAX_REJECTIONS: usize = 5;

/// The limits of one site. Threads share them.
#[derive(Debug)]
pub(crate) struct Politeness {
    /// The text of `robot`, which child processes need too.
    pub(crate) robots_txt: Option<String>,
    robot: Option<Robot>,
    crawl_delay: Duration,
    next_page: Mutex<Instant>,
    slots: Semaphore,
}

impl Politeness {
    /// Creates the limits of a site with this `robots.txt`, or without one. Page requests are `crawl_delay` apart, or
    /// longer if `robots.txt` asks for it.
    pub(crate) fn new(robots_txt: Option<String>, crawl_delay: Duration) -> Result<Self> {
        let robot = robots_txt.as_ref().map(|text| Robot::new(NAME, text.as_bytes())).transpose()?;
        let requested = robot.as_ref().and_then(|robot| robot.delay).unwrap_or(0.0);
        let requested = Duration::try_from_secs_f32(requested).unwrap_or(Duration::MAX);
        ensure!(
            requested <= MAX_CRAWL_DELAY,
            "robots.txt asks for a crawl delay of {} s; at most {} s are supported",
            requested.as_secs(),
            MAX_CRAWL_DELAY.as_secs()
        );
        Ok(Self {
            robots_txt,
            robot,
            crawl_delay: crawl_delay.max(requested),
            next_page: Mutex::new(Instant::now()),
            slots: Semaphore::new(MAX_CONCURRENT),
        })
    }

    /// Returns an error if `robots.txt` disallows this address.
    pub(crate) fn check(&self, address: &Url) -> Result<()> {
        let is_allowed = self.robot.as_ref().is_none_or(|robot| robot.allowed(address.as_str()));
        ensure!(is_allowed, "robots.txt disallows {address}");
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

    /// Waits until another request may be in flight.
    pub(crate) fn acquire_slot(&self) -> Permit<'_> {
        self.slots.acquire()
    }
}

#[derive(Debug)]
struct Semaphore {
    free: Mutex<usize>,
    released: Condvar,
}

/// A slot of a site, released on drop.
#[derive(Debug)]
pub(crate) struct Permit<'a>(&'a Semaphore);

impl Semaphore {
    fn new(permits: usize) -> Self {
        Self { free: Mutex::new(permits), released: Condvar::new() }
    }

    fn acquire(&self) -> Permit<'_> {
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
pub(crate) struct CircuitBreaker(AtomicUsize);

impl CircuitBreaker {
    /// Counts a rejected request.
    pub(crate) fn record_rejection(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    /// Resets the count after a successful response.
    pub(crate) fn reset(&self) {
        self.0.store(0, Relaxed);
    }

    /// Returns the number of consecutive rejections.
    pub(crate) fn consecutive(&self) -> usize {
        self.0.load(Relaxed)
    }

    /// Returns an error if the site has rejected too many requests.
    pub(crate) fn check(&self) -> Result<()> {
        ensure!(
            self.consecutive() < MAX_REJECTIONS,
            "skipped: the site rejected {MAX_REJECTIONS} consecutive requests"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn politeness(robots_txt: &str) -> Result<Politeness> {
        Politeness::new(Some(robots_txt.to_owned()), CRAWL_DELAY)
    }

    fn allows(robots_txt: &str, path: &str) -> bool {
        let address = Url::parse("https://pictures.example").unwrap().join(path).unwrap();
        politeness(robots_txt).unwrap().check(&address).is_ok()
    }

    #[test]
    fn robots_txt_disallows_a_path_and_allows_one_below_it() {
        let robots_txt = "User-agent: *\nDisallow: /tupian/\nAllow: /tupian/free/\n";
        assert!(allows(robots_txt, "/4kdongman/"));
        assert!(!allows(robots_txt, "/tupian/1.html"));
        assert!(allows(robots_txt, "/tupian/free/1.html"));
    }

    #[test]
    fn rules_for_this_program_take_precedence_over_rules_for_all() {
        let robots_txt = "User-agent: spider-compare\nDisallow: /\n\nUser-agent: *\nDisallow:\n";
        assert!(!allows(robots_txt, "/4kdongman/"));
        assert!(allows("User-agent: other\nDisallow: /\n", "/4kdongman/"));
    }

    #[test]
    fn a_site_without_robots_txt_allows_everything() {
        let address = Url::parse("https://pictures.example/x").unwrap();
        assert!(Politeness::new(None, CRAWL_DELAY).unwrap().check(&address).is_ok());
    }

    #[test]
    fn a_longer_crawl_delay_is_kept_and_one_that_is_too_long_is_an_error() {
        let delay = politeness("User-agent: *\nCrawl-delay: 2\n").unwrap().crawl_delay;
        assert_eq!(delay, Duration::from_secs(2));
        assert_eq!(politeness("").unwrap().crawl_delay, CRAWL_DELAY);
        let error = politeness("User-agent: *\nCrawl-delay: 600\n").unwrap_err().to_string();
        assert!(error.contains("600 s"), "{error}");
    }

    #[test]
    fn a_semaphore_gives_out_as_many_permits_as_it_has() {
        let semaphore = Semaphore::new(2);
        let (first, _second) = (semaphore.acquire(), semaphore.acquire());
        std::thread::scope(|scope| {
            let third = scope.spawn(|| drop(semaphore.acquire()));
            assert_eq!(*semaphore.free.lock(), 0);
            assert!(!third.is_finished());
            drop(first);
            third.join().unwrap();
        });
        assert_eq!(*semaphore.free.lock(), 1);
    }

    #[test]
    fn consecutive_rejections_open_the_circuit_breaker_and_a_success_resets_it() {
        let breaker = CircuitBreaker::default();
        (1..MAX_REJECTIONS).for_each(|_| breaker.record_rejection());
        assert!(breaker.check().is_ok());
        breaker.reset();
        breaker.record_rejection();
        assert!(breaker.check().is_ok());
        (0..MAX_REJECTIONS).for_each(|_| breaker.record_rejection());
        assert!(breaker.check().unwrap_err().to_string().contains("5 consecutive requests"));
    }
}
