//! A measured value and its ratio to another value. The benchmarks of the small lessons print them, and `cargo xtask
//! measure` records them. A ratio says more about other machines than an absolute value.

use serde::{Deserialize, Serialize};

use crate::number::format_number;
use crate::table::{Column, table};

/// A measured value, and how it compares to a baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The group of measurements that it belongs to, `start` for example.
    pub kind: String,
    /// What was measured.
    pub what: String,
    /// The value divided by that of [`Ratio::baseline`]; `None` without a baseline.
    pub ratio: Option<f64>,
    /// What the value is compared to; empty without a baseline.
    pub baseline: String,
    /// The median of all rounds, in [`Ratio::unit`]s.
    pub value: f64,
    /// The unit of the value.
    pub unit: String,
}

impl Ratio {
    /// Returns a value without a baseline.
    #[must_use]
    pub fn absolute(kind: &str, what: &str, value: f64, unit: &str) -> Self {
        let [kind, what, unit] = [kind, what, unit].map(str::to_owned);
        Self { kind, what, ratio: None, baseline: String::new(), value, unit }
    }

    /// Sets the baseline, and the value's ratio to it.
    #[must_use]
    pub fn relative_to(self, baseline: &str, ratio: f64) -> Self {
        Self { ratio: Some(ratio), baseline: baseline.to_owned(), ..self }
    }

    /// Returns the cells of a table: what, ratio, baseline, value.
    #[must_use]
    pub fn cells(&self) -> [String; 4] {
        let ratio = self.ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{} ×", format_number(ratio)));
        let value = format!("{} {}", format_number(self.value), self.unit);
        [self.what.clone(), ratio, self.baseline.clone(), value]
    }
}

/// Formats ratios as a table.
#[must_use]
pub fn ratio_table(ratios: &[Ratio]) -> String {
    let columns = [Column::Text(""), Column::Number("ratio"), Column::Text("to"), Column::Number("median")];
    table(columns, ratios.iter().map(Ratio::cells))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_without_a_baseline_has_a_dash_for_its_ratio() {
        let ratios = [
            Ratio::absolute("start", "thread", 37.46, "µs"),
            Ratio::absolute("start", "process", 885.4, "µs").relative_to("thread", 23.64),
        ];
        let expected = "          ratio  to       median\n\
                        thread        -          37.5 µs\n\
                        process  23.6 ×  thread   885 µs";
        assert_eq!(ratio_table(&ratios), expected);
    }
}
