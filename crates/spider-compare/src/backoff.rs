//! Which failures pass, and how long to wait until the next try.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime};

/// The wait before the first further try; it doubles with each one.
const FIRST: Duration = Duration::from_millis(250);

/// The longest wait, even where a site asks for a longer one.
pub const LONGEST: Duration = Duration::from_secs(30);

/// Whether an answer with this status may be another one soon: the request took too long (408), there were too many
/// (429), or the server had trouble of its own (5xx).
#[must_use]
pub fn passes(status: u16) -> bool {
    matches!(status, 408 | 429 | 500..=599)
}

/// How long to wait before try number `next` (the first one is number 1). What the site asked for counts, up to
/// [`LONGEST`]; otherwise the wait doubles from try to try, and is up to a half shorter or longer by chance, so that many
/// who failed together do not come back together.
#[must_use]
pub fn wait(next: u32, asked_for: Option<Duration>) -> Duration {
    let doubled = FIRST.saturating_mul(1 << next.saturating_sub(2).min(10));
    asked_for.unwrap_or_else(|| doubled.mul_f64(0.5 + chance())).min(LONGEST)
}

/// What a `Retry-After` header asks for: a number of seconds, or a date. `None` for what is neither.
#[must_use]
pub fn retry_after(header: &str) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(header).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

/// From 0 to 1, another one each time.
fn chance() -> f64 {
    // Each `RandomState` has keys of its own.
    let bits = RandomState::new().hash_one(()) >> 40;
    f64::from(u32::try_from(bits).unwrap_or_default()) / f64::from(1 << 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_of_the_server_passes_and_what_the_client_did_wrong_does_not() {
        for status in [408, 429, 500, 502, 503, 504] {
            assert!(passes(status), "{status}");
        }
        for status in [200, 301, 400, 401, 403, 404, 410, 451] {
            assert!(!passes(status), "{status}");
        }
    }

    #[test]
    fn the_wait_doubles_give_or_take_a_half() {
        for (next, middle) in [(2, 250.0), (3, 500.0), (4, 1_000.0)] {
            for _ in 0..100 {
                let wait = wait(next, None).as_secs_f64() * 1_000.0;
                assert!((middle * 0.5..=middle * 1.5).contains(&wait), "{wait} ms before try {next}");
            }
        }
    }

    #[test]
    fn what_the_site_asks_for_counts_up_to_half_a_minute() {
        assert_eq!(wait(2, Some(Duration::ZERO)), Duration::ZERO);
        assert_eq!(wait(2, Some(Duration::from_secs(7))), Duration::from_secs(7));
        assert_eq!(wait(2, Some(Duration::from_secs(86_400))), LONGEST);
        assert!(wait(u32::MAX, None) <= LONGEST);
    }

    #[test]
    fn a_retry_after_is_a_number_of_seconds_or_a_date() {
        assert_eq!(retry_after(" 2 "), Some(Duration::from_secs(2)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3_600));
        assert!(retry_after(&soon).unwrap() > Duration::from_secs(3_000));
        for neither in ["", "-1", "soon", "1.5"] {
            assert_eq!(retry_after(neither), None, "{neither:?}");
        }
    }
}
