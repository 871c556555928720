//! How a stranger's site is treated: few requests at a time, a pause between its pages, and `robots.txt` obeyed. Nothing
//! here tries to get round what a site does not want.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use parking_lot::{Condvar, Mutex};
use texting_robots::Robot;
use url::Url;

use crate::cancel::{Stop, Stopped};

/// As many requests at a time as a browser sends, or fewer.
pub const AT_A_TIME: usize = 4;

/// From the start of one page to the start of the next, unless somebody asks for another pause.
pub const PAUSE: Duration = Duration::from_millis(500);

/// The longest pause that is kept: a site that asks for more is not for this program.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// So many refusals in a row are an answer.
const REFUSALS: usize = 5;

/// What a site asks for, and how it is kept to. Threads share it.
#[derive(Debug)]
pub struct Manners {
    robot: Option<Robot>,
    robots: Option<String>,
    pause: Duration,
    next_page: Mutex<Instant>,
    gate: Gate,
}

impl Manners {
    /// Those that are kept to with a site whose `robots.txt` is this; none if it has none. Between two pages is this
    /// pause, or a longer one that it asks for.
    ///
    /// # Errors
    /// When the file cannot be understood, or asks for a longer pause than this program can keep.
    pub fn of(name: &str, robots: Option<&[u8]>, pause: Duration) -> Result<Self> {
        let robot = robots.map(|text| Robot::new(name, text)).transpose()?;
        let asked_for = robot.as_ref().and_then(|robot| robot.delay).unwrap_or(0.0);
        let asked_for = Duration::try_from_secs_f32(asked_for).unwrap_or(Duration::MAX);
        ensure!(
            asked_for <= LONGEST_PAUSE,
            "robots.txt asks for {} s between two pages, which is more patience than this program has",
            asked_for.as_secs()
        );
        let pause = pause.max(asked_for);
        let robots = robots.map(|text| String::from_utf8_lossy(text).into_owned());
        Ok(Self { robot, robots, pause, next_page: Mutex::new(Instant::now()), gate: Gate::new(AT_A_TIME) })
    }

    /// The site's `robots.txt`, for somebody else who is to keep to it.
    #[must_use]
    pub fn robots(&self) -> Option<&str> {
        self.robots.as_deref()
    }

    /// Whether `robots.txt` lets this address be asked for.
    ///
    /// # Errors
    /// When it does not.
    pub fn check(&self, address: &Url) -> Result<()> {
        let allowed = self.robot.as_ref().is_none_or(|robot| robot.allowed(address.as_str()));
        ensure!(allowed, "robots.txt asks not to fetch {address}");
        Ok(())
    }

    /// Waits until one more request may be under way. It may until what is returned is dropped.
    pub fn enter(&self) -> Entered<'_> {
        self.gate.enter()
    }

    /// When one more page may be asked for.
    #[cfg(test)]
    pub(crate) fn next_page(&self) -> Instant {
        *self.next_page.lock()
    }

    /// Waits until one more page may be asked for.
    ///
    /// # Errors
    /// When the run is stopped meanwhile.
    pub fn wait_for_a_page(&self, stop: &Stop) -> Result<(), Stopped> {
        let mine = {
            let mut next = self.next_page.lock();
            let mine = (*next).max(Instant::now());
            *next = mine + self.pause;
            mine
        };
        stop.wait(mine.saturating_duration_since(Instant::now()))
    }
}

/// Lets so many in at a time.
#[derive(Debug)]
struct Gate {
    free: Mutex<usize>,
    left: Condvar,
}

/// Somebody who was let in. Dropped, another may come.
#[derive(Debug)]
pub struct Entered<'a>(&'a Gate);

impl Gate {
    fn new(places: usize) -> Self {
        Self { free: Mutex::new(places), left: Condvar::new() }
    }

    fn enter(&self) -> Entered<'_> {
        let mut free = self.free.lock();
        while *free == 0 {
            self.left.wait(&mut free);
        }
        *free -= 1;
        Entered(self)
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        *self.0.free.lock() += 1;
        self.0.left.notify_one();
    }
}

/// Counts how often in a row a site has refused. It is asked nothing more once it has done so often enough.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<usize>);

impl Refusals {
    /// Whether an answer with this status is a refusal: come with a name (401), not for you (403), too many (429), not
    /// now (503).
    #[must_use]
    pub fn is_one(status: u16) -> bool {
        matches!(status, 401 | 403 | 429 | 503)
    }

    /// One more.
    pub fn count(&self) {
        *self.0.lock() += 1;
    }

    /// How many there were in a row, up to now.
    #[must_use]
    pub fn in_a_row(&self) -> usize {
        *self.0.lock()
    }

    /// It has let us in.
    pub fn forget(&self) {
        *self.0.lock() = 0;
    }

    /// Whether another request may be sent.
    ///
    /// # Errors
    /// When the site has refused too often.
    pub fn check(&self) -> Result<()> {
        ensure!(
            *self.0.lock() < REFUSALS,
            "not asked for: the site has refused {REFUSALS} requests in a row"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manners(robots: &str) -> Result<Manners> {
        Manners::of("spider-compare", Some(robots.as_bytes()), PAUSE)
    }

    fn allows(robots: &str, path: &str) -> bool {
        let address = Url::parse("https://pictures.example").unwrap().join(path).unwrap();
        manners(robots).unwrap().check(&address).is_ok()
    }

    #[test]
    fn what_robots_txt_forbids_is_not_asked_for() {
        let robots = "User-agent: *\nDisallow: /tupian/\nAllow: /tupian/free/\n";
        assert!(allows(robots, "/4kdongman/"));
        assert!(!allows(robots, "/tupian/1.html"));
        assert!(allows(robots, "/tupian/free/1.html"));
    }

    #[test]
    fn what_is_said_to_this_program_counts_before_what_is_said_to_all() {
        let robots = "User-agent: spider-compare\nDisallow: /\n\nUser-agent: *\nDisallow:\n";
        assert!(!allows(robots, "/4kdongman/"));
        let others = "User-agent: other\nDisallow: /\n";
        assert!(allows(others, "/4kdongman/"));
    }

    #[test]
    fn a_site_without_the_file_forbids_nothing() {
        let address = Url::parse("https://pictures.example/x").unwrap();
        assert!(Manners::of("spider-compare", None, PAUSE).unwrap().check(&address).is_ok());
    }

    #[test]
    fn a_longer_pause_is_kept_and_too_long_a_one_is_an_error() {
        assert_eq!(manners("User-agent: *\nCrawl-delay: 2\n").unwrap().pause, Duration::from_secs(2));
        assert_eq!(manners("").unwrap().pause, PAUSE);
        let error = manners("User-agent: *\nCrawl-delay: 600\n").unwrap_err().to_string();
        assert!(error.contains("600 s"), "{error}");
    }

    #[test]
    fn no_more_are_let_in_than_there_are_places() {
        let gate = Gate::new(2);
        let (first, _second) = (gate.enter(), gate.enter());
        std::thread::scope(|scope| {
            let third = scope.spawn(|| drop(gate.enter()));
            assert_eq!(*gate.free.lock(), 0);
            assert!(!third.is_finished());
            drop(first);
            third.join().unwrap();
        });
        assert_eq!(*gate.free.lock(), 1);
    }

    #[test]
    fn refusals_in_a_row_are_an_answer_and_an_answer_between_them_is_not() {
        let refusals = Refusals::default();
        for _ in 1..REFUSALS {
            refusals.count();
        }
        assert!(refusals.check().is_ok());
        refusals.forget();
        refusals.count();
        assert!(refusals.check().is_ok());
        (0..REFUSALS).for_each(|_| refusals.count());
        assert!(refusals.check().unwrap_err().to_string().contains("5 requests in a row"));
    }
}
