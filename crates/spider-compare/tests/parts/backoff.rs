//! Delays between retries.

use std::time::{Duration, SystemTime};

use spider_compare::backoff::{MAX_DELAY, delay, parse_retry_after};

#[test]
fn the_delay_doubles_plus_or_minus_a_half() {
    for (attempt, middle) in [(2, 250.0), (3, 500.0), (4, 1_000.0)] {
        for _ in 0..100 {
            let delay = delay(attempt, None).as_secs_f64() * 1_000.0;
            let range = middle * 0.5..=middle * 1.5;
            assert!(range.contains(&delay), "{delay} ms before attempt {attempt}");
        }
    }
}

#[test]
fn retry_after_takes_precedence_up_to_the_longest_delay() {
    assert_eq!(delay(2, Some(Duration::ZERO)), Duration::ZERO);
    assert_eq!(delay(2, Some(Duration::from_secs(7))), Duration::from_secs(7));
    assert_eq!(delay(2, Some(Duration::from_secs(86_400))), MAX_DELAY);
    assert!(delay(u32::MAX, None) <= MAX_DELAY);
}

#[test]
fn retry_after_is_a_number_of_seconds_or_a_date() {
    assert_eq!(parse_retry_after(" 2 "), Some(Duration::from_secs(2)));
    assert_eq!(parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
    let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3_600));
    assert!(parse_retry_after(&soon).unwrap() > Duration::from_secs(3_000));
    for invalid in ["", "-1", "soon", "1.5"] {
        assert_eq!(parse_retry_after(invalid), None, "{invalid:?}");
    }
}
