//! The names of the strategies.

use std::fmt;

use clap::ValueEnum;
use serde::Serialize;

/// A way to download the images of a site. The help shows these texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// One page after the other, then one image after the other
    Sequential,
    /// One page after the other, then a child process for each image, up to 32 at a time
    Process,
    /// One page after the other, then a thread for each image, all at once
    Thread,
    /// A few threads share the pages, then the images
    Pool,
    /// Threads share pages and images: an image starts as soon as its page is known
    Overlap,
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.to_possible_value().expect("no strategy is hidden").get_name())
    }
}
