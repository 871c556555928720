//! What the program says: the lines of the Python original, those that are added in its manner, and the table.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Error, Result};

use crate::crawl::Image;
use crate::download::Saved;
use crate::strategies::Strategy;
use crate::table::Figures;

/// A line that is longer does not fit any terminal. What comes from a site could be of any length.
const LONGEST_LINE: usize = 400;

/// Which strategy the next lines belong to, when there are several.
pub(crate) fn heading(strategy: Strategy) -> String {
    format!("当前方式 :>>>> {strategy}")
}

pub(crate) fn crawled(images: usize, time: Duration) -> String {
    format!("抓取所有图片连接数据 {images} 总耗时 :>>>> {}", seconds(time.as_secs_f64()))
}

pub(crate) fn missed(link: &str, error: &Error) -> String {
    shortened(&format!("当前抓取 {link} 失败! {error:#}"), LONGEST_LINE)
}

/// What became of one image: the line that its process or thread has to say.
pub(crate) fn saved(image: &Image, saved: &Result<Saved>) -> String {
    match saved {
        Ok(Saved::Downloaded(_)) => format!("当前下载 {} 成功!", image.title),
        Ok(Saved::There) => format!("当前下载 {} 跳过! 文件已存在", image.title),
        Err(error) => {
            shortened(&format!("当前下载 {} 失败! {error:#}: {}", image.title, image.address), LONGEST_LINE)
        }
    }
}

pub(crate) fn finished(time: Duration) -> String {
    format!("下载所有图片总耗时 :>>>> {}", seconds(time.as_secs_f64()))
}

/// What one run came to, in a line.
pub(crate) fn summary(figures: &Figures) -> String {
    let Figures { downloaded, failed, skipped, bytes, total_seconds, .. } = figures;
    let speed = figures.megabytes_a_second();
    format!(
        "成功 {downloaded} 失败 {failed} 跳过 {skipped} 共 {bytes} 字节 :>>>> {total_seconds:.3}s {speed:.1}MB/s"
    )
}

/// What the columns of the table mean that are not plain from their names.
const COLUMNS: &str = "\
crawl: until the last picture's address is known; download: from then to the end (of overlap, only what is left then)
peak: the most requests under way at once; CPU, memory: with those of child processes
× limit: total ÷ the shortest time that is possible, a latency a listing page, two more, and the bytes where --bandwidth limits them";

/// The strategies' figures, side by side, and what the columns mean.
pub(crate) fn table(all: &[Figures]) -> String {
    let mut table = row(
        "strategy",
        ["crawl", "download", "total", "requests", "connections", "peak", "CPU", "memory", "× limit"]
            .map(str::to_owned),
    );
    let or_nothing = |known: Option<String>| known.unwrap_or_else(|| "-".to_owned());
    for figures in all {
        #[allow(clippy::cast_precision_loss, reason = "shown to a tenth of a megabyte")]
        let memory = figures.peak_memory_bytes.map(|bytes| format!("{:.1}MB", bytes as f64 / 1e6));
        let cells = [
            seconds(figures.crawl_seconds),
            seconds(figures.download_seconds),
            seconds(figures.total_seconds),
            figures.requests.to_string(),
            or_nothing(figures.connections.map(|count| count.to_string())),
            figures.peak_concurrency.to_string(),
            seconds(figures.cpu_seconds),
            or_nothing(memory),
            or_nothing(figures.times_the_limit().map(|times| format!("{times:.2}"))),
        ];
        let _ = write!(table, "\n{}", row(figures.strategy, cells));
    }
    table + "\n" + COLUMNS
}

fn row(
    name: &str,
    [crawl, download, total, requests, connections, peak, cpu, memory, limit]: [String; 9],
) -> String {
    format!(
        "{name:<10} {crawl:>8} {download:>9} {total:>8} {requests:>9} {connections:>12} {peak:>5} {cpu:>7} {memory:>8} {limit:>8}"
    )
}

/// A plain decimal, to the millisecond.
fn seconds(time: f64) -> String {
    format!("{time:.3}s")
}

/// One line of at most so many characters. What comes from a site could hold anything.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let mut line: String =
        text.chars().map(|char| if char.is_control() { ' ' } else { char }).take(most + 1).collect();
    if line.chars().count() > most {
        line = line.chars().take(most.saturating_sub(1)).chain(['…']).collect();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_and_not_too_long() {
        assert_eq!(shortened("a\nb\r\u{1b}c", 10), "a b  c");
        assert_eq!(shortened("图图图图", 4), "图图图图");
        assert_eq!(shortened("图图图图图", 4), "图图图…");
        assert_eq!(shortened("abc", 0), "…");
    }

    fn figures(strategy: &'static str, total_seconds: f64) -> Figures {
        Figures {
            strategy,
            images: 20,
            downloaded: 19,
            skipped: 0,
            failed: 1,
            bytes: 12_200_000,
            crawl_seconds: 1.06,
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
    fn the_figures_stand_side_by_side() {
        let unknown = Figures {
            connections: None,
            peak_memory_bytes: None,
            limit_seconds: None,
            ..figures("thread", 101.1274)
        };
        assert_eq!(
            table(&[figures("sequential", 2.117), unknown]).strip_suffix(COLUMNS).unwrap(),
            "strategy      crawl  download    total  requests  connections  peak     CPU   memory  × limit\n\
             sequential   1.060s    1.057s   2.117s        41           20    20  0.030s    9.5MB    14.11\n\
             thread       1.060s  100.067s 101.127s        41            -    20  0.030s        -        -\n"
        );
    }

    #[test]
    fn the_summary_counts_and_has_a_speed_where_time_has_passed() {
        assert_eq!(
            summary(&figures("thread", 2.0)),
            "成功 19 失败 1 跳过 0 共 12200000 字节 :>>>> 2.000s 6.1MB/s"
        );
        assert!(summary(&figures("thread", 0.0)).ends_with("0.0MB/s"));
    }
}
