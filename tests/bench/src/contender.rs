//! Contenders that need nothing but a function, and their comparison.

use crate::progress::Progress;
use crate::ratio::Ratio;
use crate::rounds::{median, median_ratio, turns};

/// Something to measure: a name, and a function that takes one measurement.
pub struct Contender<'a> {
    name: &'static str,
    baseline: Option<&'static str>,
    measure: Box<dyn FnMut() -> Option<f64> + 'a>,
    values: Vec<f64>,
}

impl<'a> Contender<'a> {
    /// Returns a contender that `measure` takes one measurement of, or `None` if it cannot be measured on this machine.
    #[must_use]
    pub fn new(name: &'static str, measure: impl FnMut() -> Option<f64> + 'a) -> Self {
        Self { name, baseline: None, measure: Box::new(measure), values: Vec::new() }
    }

    /// Compares this contender to the one with the name `baseline`.
    #[must_use]
    pub fn relative_to(self, baseline: &'static str) -> Self {
        Self { baseline: Some(baseline), ..self }
    }
}

/// Measures all contenders in interleaved rounds. Returns the median of each that can be measured, with its ratio to its
/// baseline.
///
/// # Panics
/// Panics if a baseline is not the name of a contender.
#[must_use]
pub fn measure_ratios(kind: &str, unit: &str, rounds: usize, mut contenders: Vec<Contender>) -> Vec<Ratio> {
    let progress = Progress::new(rounds * contenders.len());
    for index in turns(&vec![rounds; contenders.len()]) {
        let contender = &mut contenders[index];
        progress.begin(kind, contender.name);
        contender.values.extend((contender.measure)());
        progress.step();
    }
    let ratio_of = |contender: &Contender| {
        let value = median(contender.values.iter().copied())?;
        let absolute = Ratio::absolute(kind, contender.name, value, unit);
        let Some(baseline) = contender.baseline else { return Some(absolute) };
        let values = &contenders
            .iter()
            .find(|other| other.name == baseline)
            .unwrap_or_else(|| panic!("no contender is named {baseline:?}"))
            .values;
        Some(match median_ratio(&contender.values, values) {
            Some(ratio) => absolute.relative_to(baseline, ratio),
            None => absolute,
        })
    };
    contenders.iter().filter_map(ratio_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_reported_and_the_ratio_is_that_of_the_rounds() {
        let mut seconds = [8.0, 60.0, 8.0].into_iter();
        let mut baseline = [4.0, 30.0, 4.0].into_iter();
        let contenders = vec![
            Contender::new("process", || seconds.next()).relative_to("thread"),
            Contender::new("thread", || baseline.next()),
        ];
        assert_eq!(
            measure_ratios("start", "s", 3, contenders),
            [
                Ratio::absolute("start", "process", 8.0, "s").relative_to("thread", 2.0),
                Ratio::absolute("start", "thread", 4.0, "s"),
            ]
        );
    }

    #[test]
    fn a_contender_that_cannot_be_measured_is_left_out() {
        let contenders = vec![
            Contender::new("Python", || None),
            Contender::new("Rust", || Some(1.0)).relative_to("Python"),
        ];
        assert_eq!(measure_ratios("start", "s", 2, contenders), [Ratio::absolute("start", "Rust", 1.0, "s")]);
    }
}
