//! Limits of external sites.

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
fn a_longer_crawl_delay_is_kept_and_one_that_is_too_long_is_an_error() {
    let delay = politeness("User-agent: *\nCrawl-delay: 2\n").unwrap().crawl_delay;
    assert_eq!(delay, Duration::from_secs(2));
    assert_eq!(politeness("").unwrap().crawl_delay, CRAWL_DELAY);
    let error = politeness("User-agent: *\nCrawl-delay: 600\n").unwrap_err().to_string();
    assert!(error.contains("600 s"), "{error}");
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
    let semaphore = Semaphore::new(2);
    let (first, _second) = (semaphore.acquire(), semaphore.acquire());
    std::thread::scope(|scope| {
        let third = scope.spawn(|| drop(semaphore.acquire()));
        assert_eq!(semaphore.available(), 0);
        assert!(!third.is_finished());
        drop(first);
        third.join().unwrap();
    });
    assert_eq!(semaphore.available(), 1);
}
