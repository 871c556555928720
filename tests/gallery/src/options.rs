//! How a gallery behaves: its knobs.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Fault, jpeg};

/// The longest that any answer can be made to wait.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// How a gallery behaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// How long each request waits before it is answered.
    pub latency: Duration,
    /// How much longer the first request of each connection waits, as if connecting had taken so long.
    pub connect: Duration,
    /// Bytes a second, for all connections together; they share it evenly. `None` is no limit.
    pub bandwidth: Option<u64>,
    /// No picture is sent until so many requests for pictures have been waiting at the same time; from then on all
    /// are. 0 or 1 waits for nobody. A client that asks for fewer at a time waits until it gives up.
    pub min_concurrent: usize,
    /// How many pictures there are in the whole category, in pages of twenty.
    pub pictures: usize,
    /// Bytes of each picture, 2,000 or more. `None` gives them the sizes of real ones: 562,500 bytes for number 0, and
    /// 5,000 more for each further one.
    pub size: Option<usize>,
    /// What is wrong with which picture, by its number in the category, from 0 on: the first page has 0 to 19.
    pub faults: Vec<(usize, Fault)>,
    /// Whether a client has to say what it is: without a `User-Agent`, every answer is 403.
    pub require_user_agent: bool,
    /// What is to be read at `/robots.txt`; `None` is a 404.
    pub robots: Option<String>,
}

impl Default for Options {
    /// Nothing is slow and nothing is wrong. There are 24 pictures: a full page, and one that is not.
    fn default() -> Self {
        Self {
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
    /// That a gallery can be like this.
    pub(crate) fn check(&self) -> io::Result<()> {
        let wrong = |why: String| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        if let Some(size) = self.size.filter(|size| *size < jpeg::SMALLEST) {
            return wrong(format!("pictures of {size} bytes: {} is the least", jpeg::SMALLEST));
        }
        if self.bandwidth == Some(0) {
            return wrong("0 bytes a second: nothing would ever arrive".to_owned());
        }
        if self.latency.max(self.connect) > LONGEST {
            return wrong("a delay of more than an hour".to_owned());
        }
        self.faults.iter().try_for_each(|(number, fault)| match fault {
            _ if *number >= self.pictures => {
                wrong(format!("a fault of picture {number}, of {} from 0 on", self.pictures))
            }
            Fault::Unavailable { status, .. } if !(400..=599).contains(status) => {
                wrong(format!("{status} is no status code of an error"))
            }
            _ => Ok(()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Resource;

    #[test]
    fn options_that_no_gallery_can_have_are_refused_and_those_just_beside_are_not() {
        let size = |size| Options { size: Some(size), ..Options::default() };
        let bandwidth = |bandwidth| Options { bandwidth: Some(bandwidth), ..Options::default() };
        let connect = |connect| Options { connect, ..Options::default() };
        let faulty = |number, fault| Options { faults: vec![(number, fault)], ..Options::default() };
        let status = |status| {
            faulty(0, Fault::Unavailable { times: 1, status, retry_after: None, at: Resource::Picture })
        };
        for (good, wrong, why) in [
            (size(2_000), size(1_999), "1999 bytes"),
            (bandwidth(1), bandwidth(0), "0 bytes a second"),
            (connect(LONGEST), connect(Duration::MAX), "more than an hour"),
            (faulty(23, Fault::HtmlInstead), faulty(24, Fault::HtmlInstead), "picture 24"),
            (status(400), status(304), "304"),
        ] {
            assert!(good.check().is_ok(), "{good:?}");
            assert!(wrong.check().unwrap_err().to_string().contains(why), "{wrong:?}");
        }
    }

    #[test]
    fn options_are_the_same_after_a_way_as_text() {
        let options = Options {
            latency: Duration::from_micros(1_500),
            bandwidth: Some(12_500_000),
            faults: vec![(1, Fault::Redirect("http://图/\"".to_owned())), (2, Fault::Stalled)],
            robots: Some("User-agent: *\n".to_owned()),
            ..Options::default()
        };
        let text = serde_json::to_string(&options).unwrap();
        assert_eq!(serde_json::from_str::<Options>(&text).unwrap(), options);
    }

    #[test]
    fn what_is_left_out_of_a_text_is_as_usual_and_what_does_not_exist_is_an_error() {
        let options: Options = serde_json::from_str("{\"pictures\": 3}").unwrap();
        assert_eq!(options, Options { pictures: 3, ..Options::default() });
        assert!(serde_json::from_str::<Options>("{\"picture\": 3}").is_err());
    }
}
