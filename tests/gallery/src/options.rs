//! How a gallery behaves.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::jpeg::{MAX_SIZE, MIN_SIZE};

/// The longest delay that can be set.
const MAX_DELAY: Duration = Duration::from_secs(60 * 60);

/// The largest number of pictures: their paths take about 600 MB of memory.
const MAX_PICTURES: usize = 1_000_000;

/// Configuration of a gallery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The port to listen on. 0 lets the system choose a free one.
    pub port: u16,
    /// How long each request waits before its response, at most an hour.
    pub latency: Duration,
    /// How much longer the first request of each connection waits, as if connecting took so long; at most an hour.
    pub connect: Duration,
    /// Bandwidth in bytes per second, which all connections share evenly. `None` is unlimited.
    pub bandwidth: Option<u64>,
    /// How many requests for pictures have to wait at the same time before the first picture is sent. After that, no
    /// request waits. 0 and 1 turn this off. A client with fewer concurrent requests waits until it times out.
    pub min_concurrent: usize,
    /// Number of pictures in the category, which has twenty per page; at most 1,000,000.
    pub pictures: usize,
    /// Bytes of each picture, 2,000 to 1 GiB. `None` gives realistic sizes: 562,500 bytes for number 0, and 5,000 more
    /// for each further number.
    pub size: Option<usize>,
    /// Pairs of a picture's number in the category, from 0, and its fault. The first page shows 0 to 19.
    pub faults: Vec<(usize, Fault)>,
    /// Whether requests without a `User-Agent` get 403.
    pub require_user_agent: bool,
    /// The content of `/robots.txt`. `None` gives 404.
    pub robots: Option<String>,
}

impl Default for Options {
    /// No delays and no faults. There are 24 pictures: a full page, and one that is not.
    fn default() -> Self {
        Self {
            port: 0,
            latency: Duration::ZERO,
            connect: Duration::ZERO,
            bandwidth: None,
            min_concurrent: 0,
            pictures: 24,
            size: None,
            faults: Vec::new(),
            require_user_agent: false,
            robots: None,
        }
    }
}

impl Options {
    /// Returns an error if an option is out of range.
    pub(crate) fn validate(&self) -> io::Result<()> {
        let invalid = |why: String| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        if let Some(size) = self.size.filter(|size| !(MIN_SIZE..=MAX_SIZE).contains(size)) {
            return invalid(format!("invalid picture size {size} bytes: use {MIN_SIZE} to {MAX_SIZE}"));
        }
        if self.pictures > MAX_PICTURES {
            return invalid(format!(
                "invalid number of pictures {}: use at most {MAX_PICTURES}",
                self.pictures
            ));
        }
        if self.bandwidth == Some(0) {
            return invalid("invalid bandwidth 0 bytes per second: the minimum is 1".to_owned());
        }
        if self.latency.max(self.connect) > MAX_DELAY {
            return invalid("invalid delay: the maximum is one hour".to_owned());
        }
        self.faults.iter().try_for_each(|(number, fault)| match fault {
            _ if *number >= self.pictures => {
                invalid(format!("fault of picture {number}: there are {} pictures, from 0", self.pictures))
            }
            Fault::Unavailable { status, .. } if !(400..=599).contains(status) => {
                invalid(format!("invalid error status {status}: use 400 to 599"))
            }
            _ => Ok(()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Resource;

    #[test]
    fn options_at_the_limit_are_accepted_and_those_beyond_are_rejected() {
        let size = |size| Options { size: Some(size), ..Options::default() };
        let pictures = |pictures| Options { pictures, ..Options::default() };
        let bandwidth = |bandwidth| Options { bandwidth: Some(bandwidth), ..Options::default() };
        let connect = |connect| Options { connect, ..Options::default() };
        let faulty = |number, fault| Options { faults: vec![(number, fault)], ..Options::default() };
        let status = |status| {
            faulty(0, Fault::Unavailable { times: 1, status, retry_after: None, at: Resource::Picture })
        };
        for (valid, invalid, why) in [
            (size(2_000), size(1_999), "1999 bytes"),
            (size(1 << 30), size((1 << 30) + 1), "1073741825 bytes"),
            (pictures(1_000_000), pictures(1_000_001), "1000001"),
            (bandwidth(1), bandwidth(0), "0 bytes per second"),
            (connect(MAX_DELAY), connect(Duration::MAX), "one hour"),
            (faulty(23, Fault::HtmlInstead), faulty(24, Fault::HtmlInstead), "picture 24"),
            (status(400), status(304), "304"),
        ] {
            assert!(valid.validate().is_ok(), "{valid:?}");
            assert!(invalid.validate().unwrap_err().to_string().contains(why), "{invalid:?}");
        }
    }

    #[test]
    fn options_survive_a_round_trip_through_json() {
        let options = Options {
            latency: Duration::from_micros(1_500),
            bandwidth: Some(12_500_000),
            faults: vec![(1, Fault::Redirect("http://图/\"".to_owned())), (2, Fault::Stalled)],
            robots: Some("User-agent: *\n".to_owned()),
            ..Options::default()
        };
        let json = serde_json::to_string(&options).unwrap();
        assert_eq!(serde_json::from_str::<Options>(&json).unwrap(), options);
    }

    #[test]
    fn missing_fields_have_their_defaults_and_unknown_fields_are_errors() {
        let options: Options = serde_json::from_str("{\"pictures\": 3}").unwrap();
        assert_eq!(options, Options { pictures: 3, ..Options::default() });
        assert!(serde_json::from_str::<Options>("{\"picture\": 3}").is_err());
    }
}
