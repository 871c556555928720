//! Limits of external sites.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use spider_compare::politeness::{CRAWL_DELAY, CircuitBreaker, Politeness, Semaphore};
use url::Url;

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
fn a_crawl_delay_of_up_to_10_seconds_is_kept_and_a_longer_one_is_an_error() {
    let politeness = |delay| politeness(&format!("User-agent: *\nCrawl-delay: {delay}\n"));
    assert_eq!(politeness("2").unwrap().crawl_delay, Duration::from_secs(2));
    assert_eq!(politeness("10").unwrap().crawl_delay, Duration::from_secs(10));
    for delay in ["10.5", "600", "inf"] {
        assert_eq!(
            politeness(delay).unwrap_err().to_string(),
            format!("robots.txt asks for a crawl delay of {delay} s; at most 10 s are supported")
        );
    }
}

#[test]
fn the_crawl_delay_has_its_default_if_robots_txt_has_none_or_one_that_is_not_valid() {
    for robots_txt in ["", "User-agent: *\nCrawl-delay: -1\n", "User-agent: *\nCrawl-delay: NaN\n"] {
        assert_eq!(politeness(robots_txt).unwrap().crawl_delay, CRAWL_DELAY, "{robots_txt}");
    }
}

#[test]
fn consecutive_rejections_open_the_circuit_breaker_and_a_success_resets_it() {
    let breaker = CircuitBreaker::default();
    (1..5).for_each(|_| breaker.record_rejection());
    assert!(breaker.check().is_ok());
    breaker.reset();
    breaker.record_rejection();
    assert!(breaker.check().is_ok());
    (0..5).for_each(|_| breaker.record_rejection());
    assert!(breaker.check().unwrap_err().to_string().contains("5 consecutive requests"));
}

#[test]
fn a_semaphore_gives_out_as_many_permits_as_it_has() {
    let (semaphore, in_use) = (Semaphore::new(2), AtomicUsize::new(0));
    let use_it = || {
        for _ in 0..1_000 {
            let _permit = semaphore.acquire();
            assert!(in_use.fetch_add(1, Relaxed) < 2);
            thread::yield_now();
            in_use.fetch_sub(1, Relaxed);
        }
    };
    thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(use_it))));
    // All permits have been released.
    let _both = (semaphore.acquire(), semaphore.acquire());
}
