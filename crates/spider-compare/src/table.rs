//! The summary of a run, and the table that compares runs.

use crate::spider::Tally;
use crate::stats::RunStats;

/// The notes below the table, about columns whose names do not explain them.
const NOTES: &str = "\
crawl: until the last picture's address is known; download: from then to the end (of overlap, only the rest)
peak: the most requests in flight at once; CPU, memory: including child processes
× limit: total ÷ the shortest possible time: a latency per listing page, two more, and the transfer if --bandwidth limits it";

/// The summary line of a run.
pub(crate) fn summary(stats: &RunStats) -> String {
    let Tally { downloaded, failed, skipped, bytes, .. } = stats.tally;
    let seconds = stats.total_seconds;
    let speed = if seconds > 0.0 { megabytes(bytes) / seconds } else { 0.0 };
    format!(
        "成功 {downloaded} 失败 {failed} 跳过 {skipped} 共 {bytes} 字节 :>>>> {seconds:.3}s {speed:.1}MB/s"
    )
}

/// The table, one row per run, and its notes.
pub(crate) fn table(runs: &[RunStats]) -> String {
    let headings = [
        "strategy",
        "crawl",
        "download",
        "total",
        "requests",
        "connections",
        "peak",
        "CPU",
        "memory",
        "× limit",
    ];
    let rows = [headings.map(str::to_owned)].into_iter().chain(runs.iter().map(cells)).map(row);
    rows.chain([NOTES.to_owned()]).collect::<Vec<_>>().join("\n")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::Strategy;

    fn stats(strategy: Strategy, total_seconds: f64) -> RunStats {
        let tally =
            Tally { downloaded: 19, failed: 1, bytes: 12_200_000, crawl_seconds: 1.06, ..Tally::default() };
        RunStats {
            strategy,
            tally,
            download_seconds: total_seconds - 1.06,
            total_seconds,
            requests: 41,
            connections: Some(20),
            peak_concurrency: 20,
            cpu_seconds: 0.03,
            peak_memory_bytes: Some(9_500_000),
            limit_seconds: Some(0.15),
        }
    }

    #[test]
    fn the_table_aligns_the_columns_of_all_runs() {
        let thread = stats(Strategy::Thread, 101.1274);
        let thread = RunStats { connections: None, peak_memory_bytes: None, limit_seconds: None, ..thread };
        assert_eq!(
            table(&[stats(Strategy::Sequential, 2.117), thread]).strip_suffix(NOTES).unwrap(),
            "strategy      crawl  download    total  requests  connections  peak     CPU   memory  × limit\n\
             sequential   1.060s    1.057s   2.117s        41           20    20  0.030s    9.5MB    14.11\n\
             thread       1.060s  100.067s 101.127s        41            -    20  0.030s        -        -\n"
        );
    }

    #[test]
    fn the_summary_has_a_speed_unless_no_time_has_passed() {
        assert_eq!(
            summary(&stats(Strategy::Thread, 2.0)),
            "成功 19 失败 1 跳过 0 共 12200000 字节 :>>>> 2.000s 6.1MB/s"
        );
        assert!(summary(&stats(Strategy::Thread, 0.0)).ends_with("0.0MB/s"));
    }
}
