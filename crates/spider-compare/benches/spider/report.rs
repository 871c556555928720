//! The results, as tables and as JSON.

use bench_support::Column::{Number, Text};
use bench_support::{Machine, format_number, table};
use serde_json::{Value, json};

use crate::comparison::{Comparison, Results};
use crate::growth::{Growth, OPTIONS, STRATEGY};
use crate::setting::Setting;

const LEGEND: &str = "\
total: from the start of the crawl to the last image, without the start of the program; the median of the rounds
× limit: compared to the shortest time that the gallery allows, 3 × latency + bytes ÷ bandwidth
CPU: CPU time of the program and its children, without the gallery's
Python ÷ Rust: the original's total compared to `process` or `thread`, the median of the ratios of the rounds";

/// All that was measured, and where.
pub(crate) struct Report<'a> {
    pub(crate) machine: &'a Machine,
    pub(crate) comparisons: &'a [Comparison],
    pub(crate) growth: &'a [Growth],
}

impl Report<'_> {
    /// Returns every result of every round: `latency` and `connect` in milliseconds, all else in seconds and bytes.
    pub(crate) fn json(&self) -> Value {
        let spider = |comparison: &Comparison, results: &Results| {
            json!({
                "spider": results.contender.name(),
                "missing": results.missing(),
                "median_total_seconds": results.total(),
                "median_cpu_seconds": results.cpu(),
                "ratio_to_rust": comparison.ratio(results),
                "runs": results.runs,
            })
        };
        let setting = |comparison: &Comparison| {
            let spiders = comparison.results.iter().map(|results| spider(comparison, results));
            let mut setting = json!(comparison.setting.knobs());
            setting["setting"] = comparison.setting.title().into();
            setting["limit"] = comparison.limit().into();
            setting["spiders"] = spiders.collect();
            setting
        };
        let settings: Value = self.comparisons.iter().map(setting).collect();
        json!({ "machine": self.machine, "settings": settings, "growth": self.growth })
    }

    /// Returns both tables, and how to read them.
    pub(crate) fn tables(&self) -> String {
        let columns = [
            Text("setting"),
            Text("spider"),
            Number("rounds"),
            Number("total"),
            Number("× limit"),
            Number("CPU"),
            Number("Python ÷ Rust"),
            Text(""),
        ];
        let spiders = table(columns, self.comparisons.iter().flat_map(rows));
        let options = OPTIONS.join(" ");
        let growth = growth(self.growth);
        let machine = self.machine;
        format!(
            "{spiders}\n\n{LEGEND}\n\n{STRATEGY} {options}, images of 60 kB, at {}:\n{growth}\n\n{machine}",
            Setting::Near.title()
        )
    }
}

/// Returns the rows of a setting, which is named only in the first: the limit, then the contenders.
fn rows(comparison: &Comparison) -> Vec<[String; 8]> {
    let limit = comparison.limit();
    let limit_row = |limit| ["", "the limit", "", &milliseconds(limit), "", "", "", ""].map(str::to_owned);
    let mut rows: Vec<_> = limit.into_iter().map(limit_row).collect();
    rows.extend(comparison.results.iter().map(|results| row(comparison, results, limit)));
    if comparison.turns() == 0 {
        // The plan leaves out the whole setting.
        rows.truncate(1);
        "all".clone_into(&mut rows[0][1]);
    }
    comparison.setting.title().clone_into(&mut rows[0][0]);
    rows
}

fn row(comparison: &Comparison, results: &Results, limit: Option<f64>) -> [String; 8] {
    let total = results.total();
    [
        String::new(),
        results.contender.name(),
        total.map(|_| results.runs.len().to_string()).unwrap_or_default(),
        total.map(milliseconds).unwrap_or_default(),
        total.zip(limit).map(|(total, limit)| format_number(total / limit)).unwrap_or_default(),
        results.cpu().map(milliseconds).unwrap_or_default(),
        comparison.ratio(results).map(format_number).unwrap_or_default(),
        results.missing().unwrap_or_default().to_owned(),
    ]
}

fn growth(growth: &[Growth]) -> String {
    let columns = ["images", "total", "an image", "CPU", "CPU an image", "peak memory"].map(Number);
    let row = |Growth { images, run }: &Growth| {
        #[expect(clippy::cast_precision_loss, reason = "thousands of images, and megabytes")]
        let (count, memory) = (*images as f64, run.peak_memory_bytes.map(|bytes| bytes as f64 / 1e6));
        [
            images.to_string(),
            milliseconds(run.total_seconds),
            milliseconds(run.total_seconds / count),
            run.cpu_seconds.map(milliseconds).unwrap_or_default(),
            run.cpu_seconds.map(|cpu| milliseconds(cpu / count)).unwrap_or_default(),
            memory.map(|megabytes| format!("{} MB", format_number(megabytes))).unwrap_or_default(),
        ]
    };
    table(columns, growth.iter().map(row))
}

fn milliseconds(seconds: f64) -> String {
    format!("{} ms", format_number(seconds * 1e3))
}
