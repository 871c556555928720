//! A child process for each image, all at once.

use anyhow::Result;

use crate::child::Children;
use crate::politeness;
use crate::spider::Spider;

/// As the Python original: crawl, start all, wait for all. (Of a stranger's site, a few at a time.)
pub(super) fn process(spider: &Spider) -> Result<()> {
    let images = spider.crawl()?;
    let mut children = Children::new(spider)?;
    for image in &images {
        if spider.site.is_a_strangers() {
            children.wait_until_fewer_than(politeness::AT_A_TIME)?;
        }
        children.start(image)?;
    }
    children.join()
}
