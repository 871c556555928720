//! The time scale that all panels share.

use crate::trace::Trace;

use super::bar::bars;

/// A run that took less is drawn as short as it was, on a scale of one millisecond.
const SHORTEST: f64 = 1e-3;

/// From nothing to the end of the longest run. All times are in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    end: f64,
    step: f64,
}

impl Scale {
    /// A scale for all of `traces`, with ten marks at the most.
    pub(super) fn of(traces: &[Trace]) -> Self {
        let ends = traces.iter().flat_map(|trace| {
            let requests = bars(trace).into_iter().map(|bar| bar.ended);
            requests.chain([trace.crawl.as_secs_f64(), trace.total.as_secs_f64()])
        });
        let end = ends.fold(SHORTEST, f64::max);
        Self { end, step: round_step(end / 10.0) }
    }

    /// How far along the scale a time is, from 0 to 1.
    pub(super) fn share(&self, time: f64) -> f64 {
        (time / self.end).clamp(0.0, 1.0)
    }

    /// The marks: round times, and what they are called.
    pub(super) fn marks(&self) -> Vec<(f64, String)> {
        let times = (0..=10_u32).map(|number| f64::from(number) * self.step);
        // The last may be the end itself, but for what is lost in the division by ten.
        let times = times.take_while(|time| *time <= self.end * (1.0 + 1e-9));
        times.map(|time| (time, self.label(time))).collect()
    }

    fn label(&self, time: f64) -> String {
        match self.step {
            _ if time == 0.0 => "0".to_owned(),
            step if step >= 1.0 => format!("{time:.0} s"),
            _ if self.end >= 1.0 => format!("{time:.1} s"),
            step if step >= 1e-3 => format!("{:.0} ms", time * 1e3),
            _ => format!("{:.1} ms", time * 1e3),
        }
    }
}

/// The next number from `least` on that is 1, 2 or 5 times a power of ten.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|digit| digit * power);
    steps.into_iter().find(|step| *step >= least * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn labels(milliseconds: u64) -> Vec<String> {
        let total = Duration::from_millis(milliseconds);
        let trace = Trace { strategy: String::new(), crawl: total, total, requests: Vec::new() };
        Scale::of(&[trace]).marks().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn marks_are_round_and_no_more_than_eleven() {
        assert_eq!(labels(16), ["0", "2 ms", "4 ms", "6 ms", "8 ms", "10 ms", "12 ms", "14 ms", "16 ms"]);
        assert_eq!(
            labels(171),
            ["0", "20 ms", "40 ms", "60 ms", "80 ms", "100 ms", "120 ms", "140 ms", "160 ms"]
        );
        assert_eq!(labels(1_127), ["0", "0.2 s", "0.4 s", "0.6 s", "0.8 s", "1.0 s"]);
        assert_eq!(labels(8_450), ["0", "1 s", "2 s", "3 s", "4 s", "5 s", "6 s", "7 s", "8 s"]);
        assert_eq!(labels(10_000).len(), 11);
        assert_eq!(labels(0).last().unwrap(), "1.0 ms");
    }
}
