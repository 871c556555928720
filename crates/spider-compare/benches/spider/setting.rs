//! What the gallery is like.

use serde::Serialize;
use serde_json::{Value, json};

/// A gallery of twenty images on its first page, with the sizes of real ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// As near as this machine is to itself.
    Near,
    /// As far as a site on the same continent.
    Far,
    /// As far as one on another continent.
    VeryFar,
    /// On the same continent, behind a line of 100 Mbit a second, and connecting takes time.
    Narrow,
}

/// How a gallery behaves: times in milliseconds, bytes a second.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Knobs {
    latency: u32,
    connect: u32,
    bandwidth: Option<u32>,
}

impl Setting {
    /// In the order in which they are measured and reported.
    pub(crate) const ALL: [Self; 4] = [Self::Near, Self::Far, Self::VeryFar, Self::Narrow];

    /// What it is called in the report.
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
    pub(crate) const FAR: Self = Self { latency: 50, connect: 0, bandwidth: None };

    /// As the gallery's process wants to be told.
    pub(crate) fn options(self) -> Value {
        let duration = |milliseconds: u32| json!({"secs": 0, "nanos": milliseconds * 1_000_000});
        json!({
            "latency": duration(self.latency),
            "connect": duration(self.connect),
            "bandwidth": self.bandwidth,
        })
    }

    /// The fewest seconds in which anybody can have so many bytes: one connection at least is made; the listing, a
    /// detail page and an image cannot be asked for at the same time. Nothing where nothing takes time.
    pub(crate) fn limit(self, bytes: u64) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
        let line = self.bandwidth.map_or(0.0, |bandwidth| bytes as f64 / f64::from(bandwidth));
        let waits = f64::from(self.connect + 3 * self.latency) / 1e3;
        Some(waits + line).filter(|limit| *limit > 0.0)
    }
}
