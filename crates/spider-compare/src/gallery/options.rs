//! How a gallery behaves: its knobs.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Fault, jpeg};

/// How a gallery behaves.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    pub meeting: usize,
    /// How many pictures there are in the whole category, in pages of twenty.
    pub pictures: usize,
    /// Bytes of each picture, 2,000 or more. `None` gives them the sizes of real ones: 562,500 bytes for number 0, and
    /// 5,000 more for each further one.
    pub size: Option<usize>,
    /// What is wrong with which picture, by its number in the category, from 0 on: the first page has 0 to 19.
    pub faults: Vec<(usize, Fault)>,
}

impl Default for Options {
    /// Nothing is slow and nothing is wrong. There are 24 pictures: a full page, and one that is not.
    fn default() -> Self {
        Self {
            latency: Duration::ZERO,
            connect: Duration::ZERO,
            bandwidth: None,
            meeting: 0,
            pictures: 24,
            size: None,
            faults: Vec::new(),
        }
    }
}

impl Options {
    /// That a gallery can be like this.
    pub(super) fn check(&self) -> io::Result<()> {
        let wrong = |why: String| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        if let Some(size) = self.size.filter(|size| *size < jpeg::SMALLEST) {
            return wrong(format!("pictures of {size} bytes: {} is the least", jpeg::SMALLEST));
        }
        if self.bandwidth == Some(0) {
            return wrong("0 bytes a second: nothing would ever arrive".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_no_gallery_can_have_are_refused() {
        let small = |size| Options { size: Some(size), ..Options::default() };
        assert!(small(2_000).check().is_ok());
        assert!(small(1_999).check().unwrap_err().to_string().contains("1999 bytes"));
        let slow = |bandwidth| Options { bandwidth: Some(bandwidth), ..Options::default() };
        assert!(slow(1).check().is_ok());
        assert!(slow(0).check().unwrap_err().to_string().contains("0 bytes a second"));
    }

    #[test]
    fn what_is_left_out_of_a_text_is_as_usual_and_what_does_not_exist_is_an_error() {
        let options: Options = serde_json::from_str("{\"pictures\": 3}").unwrap();
        assert_eq!((options.pictures, options.meeting), (3, 0));
        assert!(serde_json::from_str::<Options>("{\"picture\": 3}").is_err());
    }
}
