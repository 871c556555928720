//! The summary of a run, and the table that compares runs.

use crate::spider::Tally;
use crate::stats::RunStats;

/// The names of the columns, with the widths of [`row`].
const HEADER: &str =
    "strategy      crawl  download    total  requests  connections  peak     CPU   memory  × limit";

/// The notes below the table, about columns whose names do not explain them.
pub const NOTES: &str = "\
crawl: until the last picture's address is known; download: from then to the end (for overlap, only what is left)
peak: the most requests in flight at once; CPU: with all children; memory: the parent's peak plus the sum of all children
× limit: total ÷ the shortest possible time: a latency per listing page, two more, and the transfer if --bandwidth limits it";

/// Returns the summary line of a run.
pub fn summary(stats: &RunStats) -> String {
    let Tally { downloaded, failed, skipped, bytes, .. } = stats.tally;
    let seconds = stats.total_seconds;
    let speed = if seconds > 0.0 { megabytes(bytes) / seconds } else { 0.0 };
    format!(
        "成功 {downloaded} 失败 {failed} 跳过 {skipped} 共 {bytes} 字节 :>>>> {seconds:.3}s {speed:.1}MB/s"
    )
}

/// Returns the table, one row per run, and its notes.
pub fn table(runs: &[RunStats]) -> String {
    let rows = runs.iter().map(cells).map(row);
    let lines = [HEADER.to_owned()].into_iter().chain(rows).chain([NOTES.to_owned()]);
    lines.collect::<Vec<_>>().join("\n")
}

fn cells(stats: &RunStats) -> [String; 10] {
    let or_dash = |cell: Option<String>| cell.unwrap_or_else(|| "-".to_owned());
    let seconds = |seconds: f64| format!("{seconds:.3}s");
    [
        stats.strategy.to_string(),
        seconds(stats.tally.crawl_seconds),
        seconds(stats.download_seconds),
        seconds(stats.total_seconds),
        stats.requests.to_string(),
        or_dash(stats.connections.map(|count| count.to_string())),
        stats.peak_concurrency.to_string(),
        seconds(stats.cpu_seconds),
        or_dash(stats.peak_memory_bytes.map(|bytes| format!("{:.1}MB", megabytes(bytes)))),
        or_dash(stats.limit_seconds.map(|limit| format!("{:.2}", stats.total_seconds / limit))),
    ]
}

fn row(cells: [String; 10]) -> String {
    let [name, crawl, download, total, requests, connections, peak, cpu, memory, limit] = cells;
    format!(
        "{name:<10} {crawl:>8} {download:>9} {total:>8} {requests:>9} {connections:>12} {peak:>5} {cpu:>7} {memory:>8} {limit:>8}"
    )
}

#[allow(clippy::cast_precision_loss, reason = "exact up to 9 PB")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
