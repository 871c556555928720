//! The statistics of a run: a row of the table, and an object of `--json`.

use std::time::Duration;

use gallery::{Counters, Options};
use serde::Serialize;

use crate::resource_usage::ResourceUsage;
use crate::spider::{Spider, Tally};
use crate::strategy::Strategy;

/// The statistics of a run. Times are in seconds, sizes in bytes; `None` means unknown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunStats {
    /// How the images were downloaded.
    pub strategy: Strategy,
    /// The results.
    #[serde(flatten)]
    pub tally: Tally,
    /// From the end of the crawl to the end.
    pub download_seconds: f64,
    /// From the start to the end.
    pub total_seconds: f64,
    /// Requests sent; each retry and each redirect counts.
    pub requests: usize,
    /// Connections opened, as counted by the built-in gallery.
    pub connections: Option<usize>,
    /// The highest number of requests in flight at the same time.
    pub peak_concurrency: usize,
    /// CPU time of this process and all child processes.
    pub cpu_seconds: f64,
    /// The peak memory of this process, plus the sum of what the child processes used when they finished. The children need
    /// not have run at the same time.
    pub peak_memory_bytes: Option<u64>,
    /// See [`limit`]. Unknown if an image was skipped, which takes no time.
    pub limit_seconds: Option<f64>,
}

impl RunStats {
    /// Returns the statistics of a run. `usage` is that of this process; `gallery` is the built-in one, if it was used.
    pub fn new(
        strategy: Strategy,
        spider: &Spider,
        total_seconds: f64,
        mut usage: ResourceUsage,
        gallery: Option<(&Options, Counters)>,
    ) -> Self {
        let tally = spider.tally();
        let counts = spider.site.recorder.counts();
        usage += tally.child_usage;
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
pub fn limit(options: &Options, listings: usize, bytes: u64) -> Option<f64> {
    #[allow(clippy::cast_precision_loss, reason = "exact up to 9 PB")]
    let transfer = options.bandwidth.map_or(0.0, |bandwidth| bytes as f64 / bandwidth as f64);
    let latencies = u32::try_from(listings + 2).unwrap_or(u32::MAX);
    let limit = Duration::try_from_secs_f64(transfer)
        .unwrap_or(Duration::MAX)
        .saturating_add(options.latency.saturating_mul(latencies));
    (!limit.is_zero()).then_some(limit.as_secs_f64())
}
