//! The sentence above a panel: where the time of the run went.

use super::phase::Phase;
use super::trace::{Kind, Trace};
use super::units::{counted, seconds};

/// A shorter start of processes or threads, in seconds, is not mentioned.
const NEGLIGIBLE: f64 = 1e-3;

/// Returns the caption of a run, for a reader who has not read the strategy.
pub(super) fn caption(trace: &Trace) -> String {
    let details = Phase::new(Kind::Detail, trace);
    let images = Phase::new(Kind::Image, trace);
    let details = details.map(|details| of_details(&details, trace));
    let images = images.map(|images| of_images(&images, trace));
    let parts: Vec<_> = [details, images].into_iter().flatten().collect();
    match &parts[..] {
        [] => "No detail page and no image was requested.".to_owned(),
        parts => format!("{}.", parts.join("; ")),
    }
}

fn of_details(details: &Phase, trace: &Trace) -> String {
    let (duration, total) = (details.duration(), trace.total_seconds);
    let percent = if total > 0.0 { (duration / total).min(1.0) * 100.0 } else { 100.0 };
    let (duration, total) = (seconds(duration), seconds(total));
    format!("Detail pages, {}: {duration} of {total} ({percent:.0} %)", details.concurrency())
}

fn of_images(images: &Phase, trace: &Trace) -> String {
    let count = counted(images.count(), "image");
    let (concurrency, duration) = (images.concurrency(), seconds(images.duration()));
    let starting = starting(images, &trace.strategy);
    let early = match images.queued_before(trace.crawl_seconds) {
        0 => String::new(),
        early => format!(", {early} of them requested during the crawl"),
    };
    format!("{count}, {concurrency}: {duration}{starting}{early}")
}

fn starting(images: &Phase, strategy: &str) -> String {
    let started = match strategy {
        _ if images.starting() < NEGLIGIBLE => return String::new(),
        "process" => " processes",
        "thread" => " threads",
        _ => "",
    };
    format!(", of which starting{started} took {}", seconds(images.starting()))
}
