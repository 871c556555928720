//! One after the other.

use anyhow::Result;

use crate::spider::Spider;

/// Everything on the thread that asks.
pub(super) fn sequential(spider: &Spider) -> Result<()> {
    for image in spider.crawl()? {
        spider.download(&image)?;
    }
    Ok(())
}
