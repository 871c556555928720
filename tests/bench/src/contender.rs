//! Contenders that a function measures, and their comparison.

use crate::progress::Progress;
use crate::ratio::Ratio;
use crate::rounds::{median, turns};

/// A name, and a function that takes one measurement.
pub struct Contender<'a> {
    name: &'static str,
    baseline: Option<&'static str>,
    measure: Box<dyn FnMut() -> Option<f64> + 'a>,
    /// The measurement of each round, or `None` if it failed.
    values: Vec<Option<f64>>,
}

impl<'a> Contender<'a> {
    /// Creates a contender. `measure` takes one measurement, or returns `None` if that is not possible on this machine.
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
pub fn measure_ratios(
    kind: &str,
    unit: &str,
    rounds: usize,
    mut contenders: Vec<Contender<'_>>,
) -> Vec<Ratio> {
    let progress = Progress::new(rounds * contenders.len());
    for index in turns(&vec![rounds; contenders.len()]) {
        let contender = &mut contenders[index];
        progress.begin(kind, contender.name);
        let value = (contender.measure)();
        contender.values.push(value);
        progress.step();
    }
    contenders.iter().filter_map(|contender| ratio_of(kind, unit, contender, &contenders)).collect()
}

/// Returns the median of `contender` with its ratio to its baseline, or `None` if no measurement succeeded.
fn ratio_of(kind: &str, unit: &str, contender: &Contender<'_>, all: &[Contender<'_>]) -> Option<Ratio> {
    let value = median(contender.values.iter().copied().flatten())?;
    let absolute = Ratio::absolute(kind, contender.name, value, unit);
    let Some(baseline) = contender.baseline else { return Some(absolute) };
    let values = &all
        .iter()
        .find(|other| other.name == baseline)
        .unwrap_or_else(|| panic!("no contender is named {baseline:?}"))
        .values;
    let ratios = contender.values.iter().zip(values).filter_map(|(value, base)| Some((*value)? / (*base)?));
    Some(match median(ratios) {
        Some(ratio) => absolute.relative_to(baseline, ratio),
        None => absolute,
    })
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
    fn a_round_without_a_measurement_is_compared_to_no_other_round() {
        let mut seconds = [None, Some(20.0), Some(2.0)].into_iter();
        let mut baseline = [4.0, 10.0, 1.0].into_iter();
        let contenders = vec![
            Contender::new("process", || seconds.next()?).relative_to("thread"),
            Contender::new("thread", || baseline.next()),
        ];
        let process = &measure_ratios("start", "s", 3, contenders)[0];
        assert_eq!((process.value, process.ratio), (11.0, Some(2.0)));
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
