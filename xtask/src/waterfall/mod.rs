//! A waterfall: every request of every strategy as a bar in time, all on one scale, so that strategies can be compared
//! by eye.
//!
//! ```
//! use std::time::Duration;
//! use spider_compare::trace::Trace;
//! use spider_compare::waterfall;
//!
//! let second = Duration::from_secs(1);
//! let idle = Trace { strategy: "idle".to_owned(), crawl: second, total: second, requests: Vec::new() };
//! assert!(waterfall::text(&[idle], 80).contains("idle  1.00 s"));
//! ```

mod bar;
mod cells;
mod characters;
mod group;
mod phase;
mod picture;
mod scale;
mod sentence;
mod words;

#[cfg(test)]
mod tests;

pub use characters::text;
pub use picture::svg;

use crate::trace::Trace;
use words::{bytes, counted, seconds};

/// In letters: so long may a strategy's name be.
const LONGEST_NAME: usize = 30;

/// What stands above all panels.
fn title(traces: &[Trace]) -> String {
    match traces {
        [one] => format!("Every request of {}", words::shortened(&words::plain(&one.strategy), LONGEST_NAME)),
        _ => "Every request of every strategy, on one time scale".to_owned(),
    }
}

/// What stands beside a strategy's name.
fn figures(trace: &Trace) -> String {
    let body: u64 = trace.requests.iter().fold(0, |sum, request| sum.saturating_add(request.bytes));
    let requests = counted(trace.requests.len(), "request");
    format!("{} · {requests} · {}", seconds(trace.total.as_secs_f64()), bytes(body))
}
