//! The time scale that all panels share.

use super::trace::Trace;

/// The end of the scale for runs that take no time, in seconds.
const SHORTEST: f64 = 1e-3;

/// A scale from 0 to the end of the longest run. All times are in seconds.
#[derive(Debug)]
pub(super) struct Scale {
    end: f64,
}

impl Scale {
    /// Returns the scale for these runs.
    pub(super) fn new(traces: &[Trace]) -> Self {
        let ends = traces.iter().flat_map(|trace| {
            let requests = trace.requests.iter().map(|request| request.finished);
            requests.chain([trace.crawl_seconds, trace.total_seconds])
        });
        Self { end: ends.fold(SHORTEST, f64::max) }
    }

    /// Returns where on the scale a time is, from 0 to 1.
    pub(super) fn position(&self, time: f64) -> f64 {
        (time / self.end).clamp(0.0, 1.0)
    }

    /// Returns at most eleven round times and their labels.
    pub(super) fn marks(&self) -> Vec<(f64, String)> {
        let step = round_up(self.end / 10.0);
        let times = (0..=10_u32).map(|number| f64::from(number) * step);
        // The tolerance covers rounding: the last mark may be the end itself.
        let times = times.take_while(|time| *time <= self.end * (1.0 + 1e-9));
        times.map(|time| (time, self.label(time))).collect()
    }

    fn label(&self, time: f64) -> String {
        let (value, unit) = if self.end >= 1.0 { (time, "s") } else { (time * 1e3, "ms") };
        format!("{} {unit}", (value * 10.0).round() / 10.0)
    }
}

/// Returns the next number from `least` on that is 1, 2 or 5 times a power of ten.
fn round_up(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|digit| digit * power);
    steps.into_iter().find(|step| *step >= least * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}
