//! What one run of a strategy came to: the row of the table, and the object of `--json`.

use std::time::Duration;

use serde::Serialize;

use crate::spider::{Spider, Tally};
use crate::strategies::Strategy;
use crate::trace::Trace;
use crate::usage::Usage;
use gallery::{Counters, Options};

/// All figures of one run. Times are in seconds, sizes in bytes; what could not be found out is `None`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// The strategy's name.
    pub strategy: &'static str,
    /// Images found.
    pub images: usize,
    /// Images downloaded.
    pub downloaded: usize,
    /// Images that were there already.
    pub skipped: usize,
    /// Pages and images that failed.
    pub failed: usize,
    /// Bytes of images downloaded.
    pub bytes: u64,
    /// From the start to the last image's address.
    pub crawl_seconds: f64,
    /// From there to the end.
    pub download_seconds: f64,
    /// From the start to the end.
    pub total_seconds: f64,
    /// Requests sent, each retry and each redirect by itself.
    pub requests: usize,
    /// Connections made: only the local gallery can tell.
    pub connections: Option<usize>,
    /// The most requests that were under way at the same time.
    pub peak_concurrency: usize,
    /// Processor time of this program and its children.
    pub cpu_seconds: f64,
    /// The most memory of this program, and what its children had at their end.
    pub peak_memory_bytes: Option<u64>,
    /// The shortest time that is possible with the local gallery: see [`limit`]. `None` where something was there already,
    /// which takes no time.
    pub limit_seconds: Option<f64>,
}

impl Figures {
    /// Those of a run that has ended. `usage` is that of this process, `counters` are the local gallery's.
    #[must_use]
    pub fn of(
        strategy: Strategy,
        spider: &Spider,
        total: Duration,
        usage: Usage,
        gallery: Option<(&Options, Counters)>,
    ) -> Self {
        let Tally { images, downloaded, skipped, failed, bytes, crawl } = spider.tally();
        let asked = spider.site.recorder().counts();
        let mut used = usage;
        used += spider.childrens_usage();
        Self {
            strategy: strategy.name(),
            images,
            downloaded,
            skipped,
            failed,
            bytes,
            crawl_seconds: crawl.as_secs_f64(),
            download_seconds: total.saturating_sub(crawl).as_secs_f64(),
            total_seconds: total.as_secs_f64(),
            requests: asked.requests,
            connections: gallery.map(|(_, counters)| counters.connections),
            peak_concurrency: asked.peak,
            cpu_seconds: used.cpu.as_secs_f64(),
            peak_memory_bytes: used.memory,
            limit_seconds: gallery
                .filter(|_| skipped == 0)
                .and_then(|(options, _)| limit(options, asked.listings, bytes)),
        }
    }

    /// How many times as long as the shortest time that is possible.
    #[must_use]
    pub fn times_the_limit(&self) -> Option<f64> {
        self.limit_seconds.map(|limit| self.total_seconds / limit)
    }

    /// Megabytes of images a second.
    #[must_use]
    pub fn megabytes_a_second(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "exact up to 9 PB")]
        let bytes = self.bytes as f64;
        if self.total_seconds > 0.0 { bytes / 1e6 / self.total_seconds } else { 0.0 }
    }
}

/// The shortest time in which so many bytes can be had from a gallery: so many pages of a listing one after the other,
/// then all details at once, then all images at once, so two latencies more; and the bytes, as fast as they come. `None` where neither takes any time.
#[must_use]
pub fn limit(options: &Options, listings: usize, bytes: u64) -> Option<f64> {
    #[allow(clippy::cast_precision_loss, reason = "exact up to 9 PB")]
    let sent = options.bandwidth.map_or(0.0, |bandwidth| bytes as f64 / bandwidth as f64);
    let limit = Duration::try_from_secs_f64(sent)
        .unwrap_or(Duration::MAX)
        .saturating_add(options.latency * u32::try_from(listings + 2).unwrap_or(u32::MAX));
    (!limit.is_zero()).then_some(limit.as_secs_f64())
}

/// The run's requests, for the picture.
#[must_use]
pub fn trace(strategy: Strategy, spider: &Spider, total: Duration) -> Trace {
    Trace {
        strategy: strategy.name().to_owned(),
        crawl: spider.tally().crawl,
        total,
        requests: spider.site.recorder().take(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_a_latency_a_listing_page_and_two_more_and_the_bytes() {
        let milliseconds =
            |latency| Options { latency: Duration::from_millis(latency), ..Options::default() };
        assert_eq!(limit(&milliseconds(50), 1, 12_200_000), Some(0.15));
        assert_eq!(limit(&milliseconds(50), 4, 0), Some(0.3));
        let narrow = Options { bandwidth: Some(12_500_000), ..milliseconds(50) };
        assert_eq!(limit(&narrow, 1, 25_000_000), Some(2.15));
        assert_eq!(limit(&Options::default(), 1, 1), None);
    }
}
