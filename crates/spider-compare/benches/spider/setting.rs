//! The behavior of the gallery.

use std::time::Duration;

use gallery::Options;
use serde::Serialize;

/// A gallery of twenty images on its first page, with the sizes of real ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// On this machine, without any latency.
    Near,
    /// As far as a site on the same continent.
    Far,
    /// As far as a site on another continent.
    VeryFar,
    /// On the same continent, behind a line of 100 Mbit a second, and connecting takes time.
    Narrow,
}

/// The delays of a gallery in milliseconds, and its bytes a second.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Knobs {
    latency: u32,
    connect: u32,
    bandwidth: Option<u32>,
}

impl Setting {
    /// All settings, in the order of the report.
    pub(crate) const ALL: [Self; 4] = [Self::Near, Self::Far, Self::VeryFar, Self::Narrow];

    /// Returns the name in the report.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Near => "0 ms",
            Self::Far => "50 ms",
            Self::VeryFar => "200 ms",
            Self::Narrow => "50 ms, 12.5 MB/s, 25 ms connect",
        }
    }

    pub(crate) fn knobs(self) -> Knobs {
        match self {
            Self::Near => Knobs { latency: 0, connect: 0, bandwidth: None },
            Self::Far => Knobs::FAR,
            Self::VeryFar => Knobs { latency: 200, ..Knobs::FAR },
            Self::Narrow => Knobs { connect: 25, bandwidth: Some(12_500_000), ..Knobs::FAR },
        }
    }
}

impl Knobs {
    const FAR: Self = Self { latency: 50, connect: 0, bandwidth: None };

    /// Returns the options of the gallery.
    pub(crate) fn options(self) -> Options {
        let milliseconds = |count: u32| Duration::from_millis(count.into());
        Options {
            latency: milliseconds(self.latency),
            connect: milliseconds(self.connect),
            bandwidth: self.bandwidth.map(u64::from),
            ..Options::default()
        }
    }

    /// Returns the shortest time in seconds to download `bytes` of images: the latency of the listing, of all pages at
    /// once and of all images at once, and the time that the bytes take. `None` if that is no time at all.
    pub(crate) fn limit(self, bytes: u64) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "some megabytes")]
        let transfer = self.bandwidth.map_or(0.0, |bandwidth| bytes as f64 / f64::from(bandwidth));
        let limit = 3.0 * f64::from(self.latency) / 1e3 + transfer;
        (limit > 0.0).then_some(limit)
    }
}
