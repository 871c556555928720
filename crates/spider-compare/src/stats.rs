//! The statistics of a run: a row of the table, and an object of `--json`.

use std::time::Duration;

use gallery::{Counters, Options};
use serde::Serialize;

use crate::resource_usage::ResourceUsage;
use crate::spider::{Spider, Tally};
use crate::strategy::Strategy;

/// The statistics of a run. Times are in seconds, sizes in bytes; `None` is unknown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunStats {
    /// How the images were downloaded.
    pub strategy: Strategy,
    /// The results.
    #[serde(flatten)]
    pub tally: Tally,
    /// From the last address of an image to the end.
    pub download_seconds: f64,
    /// From the start to the end.
    pub total_seconds: f64,
    /// Requests sent; each retry and each redirect counts.
    pub requests: usize,
    /// Connections opened, as counted by the built-in gallery.
    pub connections: Option<usize>,
    /// The highest number of requests in flight at the same time.
    pub peak_concurrency: usize,
    /// CPU time of this process and its children.
    pub cpu_seconds: f64,
    /// The peak memory of this process, plus the memory of its children when they had finished.
    pub peak_memory_bytes: Option<u64>,
    /// The shortest possible time with the built-in gallery (see [`limit`]). Unknown if an image was skipped, which takes no
    /// time.
    pub limit_seconds: Option<f64>,
}

impl RunStats {
    /// Returns the statistics of a run that has finished now. `usage` is that of this process; `gallery` is that of the
    /// built-in gallery, if it was used.
    pub(crate) fn new(
        strategy: Strategy,
        spider: &Spider,
        total_seconds: f64,
        usage: ResourceUsage,
        gallery: Option<(&Options, Counters)>,
    ) -> Self {
        let tally = spider.tally();
        let counts = spider.site.recorder.counts();
        let usage = usage + tally.child_usage;
        let limited = gallery.filter(|_| tally.skipped == 0);
        Self {
            strategy,
            tally,
            download_seconds: (total_seconds - tally.crawl_seconds).max(0.0),
            total_seconds,
            requests: counts.requests,
            connections: gallery.map(|(_, counters)| counters.connections),
            peak_concurrency: counts.peak,
            cpu_seconds: usage.cpu.as_secs_f64(),
            peak_memory_bytes: usage.memory,
            limit_seconds: limited.and_then(|(options, _)| limit(options, counts.listings, tally.bytes)),
        }
    }
}

/// Returns the shortest possible time of a download from a gallery, in seconds: one latency for each listing page, one for
/// all details at once, one for all images at once, and the bytes at the full bandwidth. `None` if all of this is zero.
#[must_use]
pub fn limit(options: &Options, listings: usize, bytes: u64) -> Option<f64> {
    #[allow(clippy::cast_precision_loss, reason = "exact up to 9 PB")]
    let transfer = options.bandwidth.map_or(0.0, |bandwidth| bytes as f64 / bandwidth as f64);
    let latencies = u32::try_from(listings + 2).unwrap_or(u32::MAX);
    let limit = Duration::try_from_secs_f64(transfer)
        .unwrap_or(Duration::MAX)
        .saturating_add(options.latency.saturating_mul(latencies));
    (!limit.is_zero()).then_some(limit.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_a_latency_per_listing_page_plus_two_plus_the_transfer() {
        let latency = |latency| Options { latency: Duration::from_millis(latency), ..Options::default() };
        assert_eq!(limit(&latency(50), 1, 12_200_000), Some(0.15));
        assert_eq!(limit(&latency(50), 4, 0), Some(0.3));
        let narrow = Options { bandwidth: Some(12_500_000), ..latency(50) };
        assert_eq!(limit(&narrow, 1, 25_000_000), Some(2.15));
        assert_eq!(limit(&Options::default(), 1, 1), None);
    }
}
