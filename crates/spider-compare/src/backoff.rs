//! Delays between retries.

use std::time::{Duration, SystemTime};

/// The delay before the first retry; it doubles with each further one.
const FIRST_DELAY: Duration = Duration::from_millis(250);

/// The longest delay, even if a site asks for a longer one.
pub const MAX_DELAY: Duration = Duration::from_secs(30);

/// Returns how long to wait before attempt number `attempt` (the first attempt has number 1).
///
/// This is what the site asked for with `Retry-After`, up to 30 s. Without it, the delay doubles from attempt to attempt,
/// plus or minus a random half, so that requests that failed together are not repeated together.
#[must_use]
pub fn delay(attempt: u32, retry_after: Option<Duration>) -> Duration {
    let doubled = FIRST_DELAY.saturating_mul(1 << attempt.saturating_sub(2).min(10));
    retry_after.unwrap_or_else(|| doubled.mul_f64(0.5 + fastrand::f64())).min(MAX_DELAY)
}

/// Parses the value of a `Retry-After` header: a number of seconds, or a date. Anything else is `None`.
#[must_use]
pub fn parse_retry_after(value: &str) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}
