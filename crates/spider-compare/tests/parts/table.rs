//! The summary of a run, and the table that compares runs.

use spider_compare::spider::Tally;
use spider_compare::stats::RunStats;
use spider_compare::strategy::Strategy;
use spider_compare::table::{NOTES, summary, table};

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
