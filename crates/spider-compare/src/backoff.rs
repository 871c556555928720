//! Delays between retries.

use std::time::{Duration, SystemTime};

/// The delay before the first retry; it doubles with each further one.
const FIRST_DELAY: Duration = Duration::from_millis(250);

/// The longest delay, even if a site asks for a longer one.
const MAX_DELAY: Duration = Duration::from_secs(30);

/// Returns how long to wait before attempt number `attempt` (the first attempt has number 1).
///
/// This is what the site asked for with `Retry-After`, up to 30 s. Without it, the delay doubles from attempt to attempt,
/// with a random half added or subtracted, so that requests that failed together are not repeated together.
pub(crate) fn delay(attempt: u32, retry_after: Option<Duration>) -> Duration {
    let doubled = FIRST_DELAY.saturating_mul(1 << attempt.saturating_sub(2).min(10));
    retry_after.unwrap_or_else(|| doubled.mul_f64(0.5 + fastrand::f64())).min(MAX_DELAY)
}

/// Parses the value of a `Retry-After` header: a number of seconds, or a date. Anything else is `None`.
pub(crate) fn parse_retry_after(value: &str) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
