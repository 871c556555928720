//! What a strategy's panel shows, said in one sentence.

use crate::trace::{Kind, Trace};

use super::bar::{Bar, bars};
use super::phase::Phase;
use super::words::{counted, seconds, share, thousands};

/// A start that took less than this many seconds is not worth a word.
const WORTH_A_WORD: f64 = 1e-3;

/// Where the time of this run went, for somebody who has not read the strategy.
pub(super) fn sentence(trace: &Trace) -> String {
    let bars = bars(trace);
    let total = trace.total.as_secs_f64();
    let details = Phase::of(Kind::Detail, &bars);
    let images = Phase::of(Kind::Image, &bars);
    let parts = match (&details, &images) {
        (Some(details), Some(images)) if is_overlap(details, images) => overlapping(details, images),
        (None, None) => "No detail page was asked for, and no image".to_owned(),
        _ => one_after_the_other(trace, details.as_ref(), images.as_ref(), total),
    };
    parts + &failures(&bars) + "."
}

/// Whether images were wanted while details were still coming: more than one, which may be the last detail's own.
fn is_overlap(details: &Phase, images: &Phase) -> bool {
    images.wanted_before(details.ended) > 1
}

fn overlapping(details: &Phase, images: &Phase) -> String {
    format!(
        "Detail pages, {}, and images beside them: {} of {} were asked for before the last detail page had come",
        details.manner(),
        thousands(images.wanted_before(details.ended)),
        counted(images.count(), "image"),
    )
}

fn one_after_the_other(trace: &Trace, details: Option<&Phase>, images: Option<&Phase>, total: f64) -> String {
    let details = details.map(|details| {
        let took = details.took();
        let share = share(took, total);
        format!("Detail pages, {}: {} of {}{share}", details.manner(), seconds(took), seconds(total))
    });
    let images = images.map(|images| {
        let (count, took) = (counted(images.count(), "image"), images.took());
        format!("{count}, {}: {}{}", images.manner(), seconds(took), starting(trace, images))
    });
    [details, images].into_iter().flatten().collect::<Vec<_>>().join("; then ")
}

/// How much of the images' time it took to start what downloads them.
fn starting(trace: &Trace, images: &Phase) -> String {
    let took = images.starting();
    if took < WORTH_A_WORD {
        return String::new();
    }
    let what = ["process", "thread"].into_iter().find(|what| trace.strategy.contains(what));
    let what = match what {
        Some("process") => " processes",
        Some(_) => " threads",
        None => "",
    };
    format!(", of which starting{what} took {}", seconds(took))
}

fn failures(bars: &[Bar]) -> String {
    match bars.iter().filter(|bar| bar.failed()).count() {
        0 => String::new(),
        failed => format!("; {} failed", counted(failed, "request")),
    }
}
