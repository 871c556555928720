//! Times and counts as they are written in a picture.

use indicatif::HumanCount;

/// Formats a time in seconds: `102 s`, `4.43 s`, `171 ms`, `0.3 ms`.
pub(super) fn seconds(time: f64) -> String {
    let milliseconds = time * 1e3;
    if time >= 99.995 {
        format!("{time:.0} s")
    } else if milliseconds >= 999.5 {
        format!("{time:.2} s")
    } else if milliseconds >= 9.95 {
        format!("{milliseconds:.0} ms")
    } else {
        format!("{milliseconds:.1} ms")
    }
}

/// Formats a count of things: `1 request`, `2,041 requests`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", HumanCount(count as u64))
}
