//! What the program says: the lines of the Python original, those that are added in its manner, and the table.

use std::fmt::{self, Write as _};
use std::io::{self, ErrorKind, Write as _};
use std::time::Duration;

use anyhow::{Context, Error, Result};

use crate::crawl::{Image, Miss};
use crate::strategies::{Strategy, Totals};

/// A line of a child process is one write into a pipe that all children share. A write of up to 512 bytes into a pipe is
/// whole or not at all on every system (POSIX, `PIPE_BUF`), so that no line tears another.
const LONGEST_LINE: usize = 512 - "\n".len();

/// Nobody reads standard output any more, as after `| head -1`: a reason to end, and nothing to complain about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NobodyReads;

impl fmt::Display for NobodyReads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody reads standard output any more")
    }
}

impl std::error::Error for NobodyReads {}

/// Prints one line to standard output, in one write.
///
/// # Errors
/// [`NobodyReads`] when its reader is gone; otherwise what the system says, a full disk for instance.
pub fn line(text: &str) -> Result<()> {
    let mut output = io::stdout().lock();
    let written = output.write_all(format!("{text}\n").as_bytes()).and_then(|()| output.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Error::new(NobodyReads)),
        written => written.context("cannot write to standard output"),
    }
}

/// Which strategy the next lines belong to, when there are several.
pub(crate) fn heading(strategy: Strategy) -> String {
    format!("当前方式 :>>>> {strategy}")
}

pub(crate) fn crawled(images: usize, time: Duration) -> String {
    format!("抓取所有图片连接数据 {images} 总耗时 :>>>> {}s", seconds(time))
}

pub(crate) fn missed(miss: &Miss) -> String {
    short(&format!("当前抓取 {} 失败! {:#}", miss.link, miss.error))
}

/// What became of one image: the line that its process or thread has to say.
pub(crate) fn downloaded(image: &Image, result: &Result<()>) -> String {
    match result {
        Ok(()) => format!("当前下载 {} 成功!", image.title),
        Err(error) => short(&format!("当前下载 {} 失败! {error:#}: {}", image.title, image.address)),
    }
}

pub(crate) fn finished(time: Duration) -> String {
    format!("下载所有图片总耗时 :>>>> {}s", seconds(time))
}

/// The strategies' times, side by side.
pub(crate) fn table(all: &[Totals]) -> String {
    let mut table = format!("{:<10} {:>9} {:>9} {:>9}", "strategy", "crawl", "download", "total");
    for totals in all {
        let [crawl, download, total] =
            [totals.crawl, totals.total.saturating_sub(totals.crawl), totals.total]
                .map(|time| format!("{}s", seconds(time)));
        let _ = write!(table, "\n{:<10} {crawl:>9} {download:>9} {total:>9}", totals.strategy.name());
    }
    table
}

/// A plain decimal, to the millisecond.
fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

/// One line, and no longer than a line may be. What comes from a site could hold anything.
fn short(text: &str) -> String {
    let mut text = text.replace(char::is_control, " ");
    if text.len() > LONGEST_LINE {
        let end = (0..=LONGEST_LINE - "…".len()).rev().find(|&end| text.is_char_boundary(end));
        text.truncate(end.unwrap_or(0));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_a_plain_decimal() {
        assert_eq!(seconds(Duration::from_micros(1_127_400)), "1.127");
        assert_eq!(seconds(Duration::ZERO), "0.000");
    }

    #[test]
    fn a_line_is_one_line_and_fits_into_one_write() {
        assert_eq!(short("a\nb\r\u{1b}c"), "a b  c");
        let long = short(&"图".repeat(400));
        assert!(long.len() <= LONGEST_LINE && long.ends_with("图…"), "{} bytes", long.len());
        let just_fits = "a".repeat(LONGEST_LINE);
        assert_eq!(short(&just_fits), just_fits);
    }

    #[test]
    fn the_totals_stand_side_by_side() {
        let totals = |strategy, crawl, total| Totals {
            strategy,
            images: 20,
            failed: 0,
            crawl: Duration::from_millis(crawl),
            total: Duration::from_millis(total),
        };
        let table =
            table(&[totals(Strategy::Sequential, 1_060, 2_117), totals(Strategy::Thread, 90, 101_127)]);
        assert_eq!(
            table,
            "strategy       crawl  download     total\n\
             sequential    1.060s    1.057s    2.117s\n\
             thread        0.090s  101.037s  101.127s"
        );
    }
}
