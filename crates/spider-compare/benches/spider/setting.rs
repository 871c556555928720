//! What the gallery is like.

use std::time::Duration;

use gallery::Options;
use serde::Serialize;

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
    bandwidth: Option<u64>,
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

    /// As the gallery is told.
    pub(crate) fn options(self) -> Options {
        let milliseconds = |count: u32| Duration::from_millis(count.into());
        Options {
            latency: milliseconds(self.latency),
            connect: milliseconds(self.connect),
            bandwidth: self.bandwidth,
            ..Options::default()
        }
    }
}
