//! A child process for each image, up to 32 at a time.
//!
//! The child is this program again, started with another argument. `parent` starts the children and waits for them,
//! `worker` is what a child does, and `message` is what they send to each other.

mod message;
mod parent;
pub mod worker;

use anyhow::Result;

use self::parent::Children;
use crate::politeness;
use crate::spider::Spider;

/// The highest number of children at the same time. Each takes memory of its own, and two of the parent's file descriptors.
const MAX_CHILDREN: usize = 32;

/// Like the Python original: crawl, start all processes, wait for all processes. (With more images, or for an external site,
/// a few at a time.)
pub(super) fn process(spider: &Spider) -> Result<()> {
    let limit = if spider.site.is_external() { politeness::MAX_CONCURRENT } else { MAX_CHILDREN };
    let images = spider.crawl()?;
    let mut children = Children::new(spider)?;
    for image in &images {
        children.wait_until_fewer_than(limit)?;
        children.start(image)?;
    }
    children.wait_until_fewer_than(1)
}
